"""The council's performance management system: settings, and the mechanisms the apps share."""
