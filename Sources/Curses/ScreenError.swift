/// Why the terminal could not be taken.
nonisolated package struct ScreenError: Error, Hashable {
    /// One sentence that says what is wrong and what to do.
    package let message: String
}
