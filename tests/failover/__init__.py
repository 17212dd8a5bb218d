"""Redis fails over: what was confirmed is there, nobody is left out, and mail soon goes on."""
