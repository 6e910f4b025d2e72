enum PlaceholderCloudServer {}
