"""What `varsel up` is: one process with the embedded server, the services and one address.

Promises that all of it starts in order, ends in order, and that no server outlives its process. May
touch the folder DATA, the port, signals and the server's process. Knows no command.
"""
