"""Mail that a system without a relay keeps, and the pages that show it.

Takes mail by SMTP as a relay would. Knows no member and no delivery."""
