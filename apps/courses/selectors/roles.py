"""Names of the work roles of the NICE framework, v2.0.0, that our courses point to."""

from __future__ import annotations

NICE = "NICE Framework v2.0.0"
NICE_URL = "https://niccs.cisa.gov/tools/nice-framework"
NAMES = {
    "DD-WRL-009": "OT Cybersecurity Engineering", "IN-WRL-001": "Cybercrime Investigation",
    "IN-WRL-002": "Digital Evidence Analysis", "IO-WRL-003": "Knowledge Management", "IO-WRL-004": "Network Operations",
    "IO-WRL-005": "Systems Administration", "IO-WRL-006": "Systems Security Analysis", "IO-WRL-007": "Technical Support",
    "OG-WRL-002": "Cybersecurity Policy and Planning", "OG-WRL-003": "Cybersecurity Workforce Management",
    "OG-WRL-004": "Cybersecurity Curriculum Development", "OG-WRL-005": "Cybersecurity Instruction",
    "OG-WRL-006": "Cybersecurity Legal Advice", "OG-WRL-007": "Executive Cybersecurity Leadership",
    "OG-WRL-008": "Privacy Compliance", "OG-WRL-010": "Program Management", "OG-WRL-012": "Security Control Assessment",
    "OG-WRL-013": "Systems Authorization", "OG-WRL-014": "Systems Security Management",
    "OG-WRL-015": "Technology Portfolio Management", "OG-WRL-016": "Technology Program Auditing",
    "PD-WRL-001": "Defensive Cybersecurity", "PD-WRL-002": "Digital Forensics", "PD-WRL-003": "Incident Response",
    "PD-WRL-004": "Infrastructure Support", "PD-WRL-006": "Threat Analysis", "PD-WRL-007": "Vulnerability Analysis",
}  # fmt: skip


def role_name(code: str) -> str:
    """The name of a role, or its code where we know none."""
    return NAMES.get(code, code)
