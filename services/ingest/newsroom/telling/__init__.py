"""Where a person of the staff asks to be told by mail. The address itself is given on a page of
notify's: the newsroom never sees it. May use telling; knows no article."""
