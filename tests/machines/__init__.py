"""Several machines, each a process with a name and a folder of its own, that share one folder."""
