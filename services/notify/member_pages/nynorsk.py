NYNORSK: dict[str, str] = {}
