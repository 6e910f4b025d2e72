/// What is wrong with one field of a JSON object, in one sentence that begins with the field's name.
package struct JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let field: String
    package let problem: String

    package var description: String { "\(field) \(problem)" }
}

/// Reads the typed fields of one JSON object; what the object has besides is passed over.
///
/// Lengths count Unicode scalars: counted as visible letters, one letter could carry kilobytes of accents. An optional
/// field that is `null` counts as left out.
package struct JSONFields: Sendable {
    package let value: JSONValue

    /// Nil when `value` is not an object.
    package init?(_ value: JSONValue) {
        guard case .object = value else { return nil }
        self.value = value
    }

    package func optionalText(_ name: String, length: ClosedRange<Int>? = nil) throws(JSONFault) -> String? {
        guard let found = present(name) else { return nil }
        guard let text = found.text else { throw fault(name, "must be a text") }
        if let length, !Self.hasLength(text, length) {
            throw fault(name, "must have \(length.lowerBound) to \(length.upperBound) characters")
        }
        return text
    }

    /// Counts the scalars only where the bytes do not tell: a scalar has one to four of them.
    private static func hasLength(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        let bytes = text.utf8.count
        if bytes <= length.upperBound, (bytes + 3) / 4 >= length.lowerBound { return true }
        return length.contains(text.unicodeScalars.count)
    }

    package func text(_ name: String, length: ClosedRange<Int>? = nil) throws(JSONFault) -> String {
        guard let text = try optionalText(name, length: length) else { throw missing(name) }
        return text
    }

    package func optionalInt(_ name: String, in range: ClosedRange<Int>? = nil) throws(JSONFault) -> Int? {
        guard let found = present(name) else { return nil }
        guard let number = found.int else { throw fault(name, "must be a whole number") }
        if let range, !range.contains(number) {
            throw fault(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func int(_ name: String, in range: ClosedRange<Int>? = nil) throws(JSONFault) -> Int {
        guard let number = try optionalInt(name, in: range) else { throw missing(name) }
        return number
    }

    package func optionalBool(_ name: String) throws(JSONFault) -> Bool? {
        guard let found = present(name) else { return nil }
        guard let flag = found.bool else { throw fault(name, "must be true or false") }
        return flag
    }

    package func bool(_ name: String) throws(JSONFault) -> Bool {
        guard let flag = try optionalBool(name) else { throw missing(name) }
        return flag
    }

    package func optionalTexts(_ name: String) throws(JSONFault) -> [String]? {
        guard let found = present(name) else { return nil }
        guard let elements = found.array else { throw fault(name, "must be a list of texts") }
        let texts = elements.compactMap(\.text)
        guard texts.count == elements.count else { throw fault(name, "must be a list of texts") }
        return texts
    }

    package func texts(_ name: String) throws(JSONFault) -> [String] {
        guard let texts = try optionalTexts(name) else { throw missing(name) }
        return texts
    }

    package func optionalInts(_ name: String) throws(JSONFault) -> [Int]? {
        guard let found = present(name) else { return nil }
        guard let elements = found.array else { throw fault(name, "must be a list of whole numbers") }
        let numbers = elements.compactMap(\.int)
        guard numbers.count == elements.count else { throw fault(name, "must be a list of whole numbers") }
        return numbers
    }

    package func ints(_ name: String) throws(JSONFault) -> [Int] {
        guard let numbers = try optionalInts(name) else { throw missing(name) }
        return numbers
    }

    package func objects(_ name: String) throws(JSONFault) -> [JSONFields] {
        guard let found = present(name) else { throw missing(name) }
        guard let elements = found.array else { throw fault(name, "must be a list of objects") }
        let objects = elements.compactMap { JSONFields($0) }
        guard objects.count == elements.count else { throw fault(name, "must be a list of objects") }
        return objects
    }

    package func object(_ name: String) throws(JSONFault) -> JSONFields {
        guard let found = present(name) else { throw missing(name) }
        guard let object = JSONFields(found) else { throw fault(name, "must be an object") }
        return object
    }

    package func fault(_ name: String, _ problem: String) -> JSONFault {
        JSONFault(field: name, problem: problem)
    }

    private func missing(_ name: String) -> JSONFault {
        fault(name, "is missing")
    }

    private func present(_ name: String) -> JSONValue? {
        guard let found = value[name], found != .null else { return nil }
        return found
    }
}
