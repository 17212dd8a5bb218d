"""What a mail from a stranger says, in a few words. Pure; runs in a child process without keys."""
