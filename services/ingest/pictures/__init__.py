"""Pictures that editors upload: decoded, stripped of what tells about people, kept once."""
