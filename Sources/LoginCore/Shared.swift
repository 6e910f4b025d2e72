/// A value behind one reference, for what is copied with every event and hardly ever changes.
///
/// Copies cost one count, and are compared by their reference before their contents. It is coded as its value.
struct Shared<Value: Equatable & Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }

    private var box: Box

    init(_ value: Value) {
        box = Box(value)
    }

    /// Setting what is there already keeps the reference.
    var value: Value {
        get { box.value }
        set { if newValue != box.value { box = Box(newValue) } }
    }

    /// Takes the other's reference when the values are the same, so that the two are compared at a glance.
    mutating func join(_ other: Shared) {
        if self == other { self = other }
    }
}

extension Shared: Equatable {
    static func == (left: Shared, right: Shared) -> Bool {
        left.box === right.box || left.box.value == right.box.value
    }
}

extension Shared: Hashable where Value: Hashable {
    func hash(into hasher: inout Hasher) {
        hasher.combine(box.value)
    }
}

extension Shared: Codable where Value: Codable {
    init(from decoder: any Decoder) throws {
        self.init(try Value(from: decoder))
    }

    func encode(to encoder: any Encoder) throws {
        try box.value.encode(to: encoder)
    }
}
