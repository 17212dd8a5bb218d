"""How everything that render writes is dressed: templates, stylesheet, the site's name. Pure."""
