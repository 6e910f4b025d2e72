enum PlaceholderTerminalFrame {}
