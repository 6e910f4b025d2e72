enum PlaceholderLoginClient {}
