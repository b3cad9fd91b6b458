"""Resources: guides, templates, tools, funds and experts, tied to areas."""
