"""The product's own settings for the servers of the example that tests visit, but for the hashing of passwords.

It is slow on purpose, and the tests sign in some sixty times.
"""

from hdcperf.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
