"""The newsroom's texts in nynorsk, by what they are in bokmål: a file for each room."""
