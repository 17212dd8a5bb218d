"""What render knows of each article: the newest revision, teaser, previews, seals, in Redis
(`render:…`); which lists an article is in. Only this room has render's scripts."""
