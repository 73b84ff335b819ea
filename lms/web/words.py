"""The words for the closed lists of the course format, in the reader's language."""

from flask_babel import lazy_gettext as _

SUBJECTS = {
    "drugs": _("Drugs"),
    "organized_crime": _("Organized crime"),
    "trafficking": _("Trafficking"),
    "cybercrime": _("Cybercrime"),
    "policing": _("Policing"),
}
LEVELS = {"basic": _("Basic"), "specialist": _("Specialist"), "trainer": _("For trainers")}
FORMATS = {"self_paced": _("Self-paced"), "blended": _("Blended"), "live": _("Live")}
AUDIENCES = {
    "police": _("Police officers"),
    "investigator": _("Investigators"),
    "analyst": _("Analysts"),
    "customs": _("Customs officers"),
    "border_guard": _("Border guards"),
    "prosecutor": _("Prosecutors"),
    "judge": _("Judges"),
    "forensic": _("Forensic staff"),
    "regulator": _("Regulators"),
    "trainer": _("Trainers"),
    "supervisor": _("Supervisors"),
}
