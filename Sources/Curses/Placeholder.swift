enum PlaceholderCurses {}
