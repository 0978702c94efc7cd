"""Who may do what: accounts, sessions, devices and their tokens, and patience with wrong tries."""
