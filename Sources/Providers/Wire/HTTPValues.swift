/// An HTTP request as a value: what one side built and the other parsed, in both worlds.
package struct HTTPRequestValue: Hashable, Sendable {
    package var method: String
    /// The path without the query, as sent: percent-encoding is kept.
    package var path: String
    /// The query without its question mark; empty when there is none.
    package var query: String
    /// Headers in the order sent; a name may stand more than once, in any case of letters.
    package var headers: [HTTPHeader]
    package var body: [UInt8]

    package init(method: String, path: String, query: String = "", headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// Every value of a header, in order.
    package func values(of name: String) -> [String] {
        headers.values(of: name)
    }

    /// The first value of a header.
    package func firstValue(of name: String) -> String? {
        headers.firstValue(of: name)
    }
}

/// An HTTP answer as a value.
package struct HTTPResponseValue: Hashable, Sendable {
    package var status: Int
    package var headers: [HTTPHeader]
    package var body: [UInt8]

    package init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Every value of a header, in order.
    package func values(of name: String) -> [String] {
        headers.values(of: name)
    }

    /// The first value of a header.
    package func firstValue(of name: String) -> String? {
        headers.firstValue(of: name)
    }
}

extension [HTTPHeader] {
    fileprivate func values(of name: String) -> [String] {
        var values: [String] = []
        for place in indices where self[place].isNamed(name) { values.append(self[place].value) }
        return values
    }

    /// The first value of a header of that name.
    package func firstValue(of name: String) -> String? {
        firstIndex { $0.isNamed(name) }.map { self[$0].value }
    }
}

/// One header line.
package struct HTTPHeader: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether it has this name, in any case of letters.
    package func isNamed(_ wanted: String) -> Bool {
        // Nearly every name comes as it is wanted, or is of another length.
        if name == wanted { return true }
        guard name.utf8.count == wanted.utf8.count || !name.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        if let first = name.utf8.first, let other = wanted.utf8.first, first < 0x80, other < 0x80,
            first | 0x20 != other | 0x20
        {
            return false
        }
        return name.lowercased() == wanted.lowercased()
    }

    /// Carries the entry id that caused a request or an answer across the wire.
    package static let causeName = "X-Latchkey-Cause"
}
