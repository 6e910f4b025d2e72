import LoginCore

/// The settings that a provider's console keeps for an app, each with a value to begin with.
package protocol ConsoleSettings: Hashable, Sendable {
    init()

    /// Takes over the settings that `fields` has and leaves the others as they are; all of them when one is wrong.
    mutating func take(_ fields: JSONFields) throws(JSONFault)
}

/// A change of a console's settings that was found right.
package struct ConsolePatch<Settings: ConsoleSettings>: Hashable, Sendable {
    /// The settings that change, by their names.
    package let fields: JSONValue

    /// A change of nothing.
    package init() {
        fields = .object([])
    }

    package init(_ fields: JSONFields) throws(JSONFault) {
        var settings = Settings()
        try settings.take(fields)
        self.fields = fields.value
    }

    /// The settings after the change.
    package func applied(to settings: Settings) -> Settings {
        var settings = settings
        // It was found right when it was made, and what it means depends on nothing else.
        if let fields = JSONFields(fields) { try? settings.take(fields) }
        return settings
    }
}
