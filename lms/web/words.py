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
GENDERS = {
    "woman": _("Woman"),
    "man": _("Man"),
    "other": _("Other"),
    "not_stated": _("I prefer not to say"),
}
AGENCY_TYPES = {
    "police": _("Police"),
    "border_guard": _("Border guard"),
    "customs": _("Customs"),
    "prosecution": _("Prosecution"),
    "judiciary": _("Courts"),
    "drug_control": _("Drug control"),
    "forensic": _("Forensic institute"),
    "academy": _("Academy or training centre"),
    "other": _("Another kind"),
}
RANK_BANDS = {"junior": _("Junior"), "middle": _("Middle"), "senior": _("Senior")}
