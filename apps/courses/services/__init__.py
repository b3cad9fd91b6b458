"""What may be done with courses: publish, take, be tested, be certified."""

from apps.courses.services.loading import CourseFaults, load_course

__all__ = ["CourseFaults", "load_course"]
