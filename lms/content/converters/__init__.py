"""Questions of other systems: GIFT, Moodle XML and Aiken, in and out.

Each format reads into the values of `foreign` and is written from them; `quiz` stands between
these and the course's own questions.
"""
