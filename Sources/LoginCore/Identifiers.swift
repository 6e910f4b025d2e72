/// A name for one thing that a machine started, minted from the machine's own counter so that a run repeats exactly.
package protocol CounterID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The letter that stands before the number when the id is printed.
    static var letter: String { get }
    /// 1 for the first thing of its kind.
    var number: Int { get }
    init(_ number: Int)
}

extension CounterID {
    package var description: String { "\(Self.letter)\(number)" }
    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// One try to open a long connection.
package struct ConnectionID: CounterID {
    package static let letter = "c"
    package let number: Int
    package init(_ number: Int) { self.number = number }
}

/// One attempt to log in, whether or not it got as far as a connection.
package struct AttemptID: CounterID {
    package static let letter = "a"
    package let number: Int
    package init(_ number: Int) { self.number = number }
}

/// One timer; a timer that fires is honoured only while its id is the live one.
package struct TimerID: CounterID {
    package static let letter = "t"
    package let number: Int
    package init(_ number: Int) { self.number = number }
}

/// One request of the app to its app server.
package struct CallID: CounterID {
    package static let letter = "h"
    package let number: Int
    package init(_ number: Int) { self.number = number }
}

/// Mints ids in order, starting at 1.
package struct Counter<ID: CounterID>: Sendable, Equatable {
    private var last = 0

    package init() {}

    package mutating func next() -> ID {
        last += 1
        return ID(last)
    }
}
