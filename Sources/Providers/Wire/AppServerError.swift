import LoginCore

/// A refusal of the app server, in the words of its contract; never a provider's code of its own.
package struct AppServerError: Error, Hashable, Sendable {
    /// The HTTP status.
    package let status: Int
    /// The contract's name, such as `wrong_password`.
    package let name: String
    /// One sentence that says what is wrong.
    package let message: String
    /// With `provider_refused`: the provider's code.
    package let code: Int?
    /// With `provider_refused`: the provider's description.
    package let desc: String?

    package init(status: Int, name: String, message: String, code: Int? = nil, desc: String? = nil) {
        self.status = status
        self.name = name
        self.message = message
        self.code = code
        self.desc = desc
    }

    /// Reads an answer; nil when it is a success.
    ///
    /// An answer that is neither gives an error of the name `bad_answer`.
    package init?(parsing response: HTTPResponseValue) {
        if (200..<300).contains(response.status) { return nil }
        guard let value = try? JSONValue(parsing: response.body), let name = value["error"]?.text else {
            self.init(
                status: response.status, name: "bad_answer",
                message: "it answered HTTP \(response.status) without an error of its contract")
            return
        }
        self.init(
            status: response.status, name: name, message: value["message"]?.text ?? name, code: value["code"]?.int,
            desc: value["desc"]?.text)
    }

    /// The answer that says so.
    package func http(cause: EntryID?) -> HTTPResponseValue {
        .json(
            status: status, cause: cause,
            .fields([
                "error": .string(name), "message": .string(message), "code": code.map { .integer(Int64($0)) },
                "desc": desc.map { .string($0) },
            ]))
    }

    package static func badField(_ message: String) -> AppServerError {
        AppServerError(status: 400, name: "bad_field", message: message)
    }

    /// An answer that does not keep the contract.
    static func badAnswer(_ message: String) -> AppServerError {
        AppServerError(status: 0, name: "bad_answer", message: "its answer does not keep the contract: \(message)")
    }
}

extension HTTPResponseValue {
    /// A JSON answer, with the entry that caused it.
    package static func json(status: Int, cause: EntryID?, _ value: JSONValue) -> HTTPResponseValue {
        var headers = [HTTPHeader("Content-Type", "application/json")]
        if let cause { headers.append(HTTPHeader(HTTPHeader.causeName, cause.description)) }
        return HTTPResponseValue(status: status, headers: headers, body: value.encoded())
    }

    /// The fields of a success answer, or what is wrong with it.
    func contractFields() -> Result<JSONFields, AppServerError> {
        if let error = AppServerError(parsing: self) { return .failure(error) }
        do throws(JSONProblem) {
            guard let fields = JSONFields(try JSONValue(parsing: body)) else {
                return .failure(.badAnswer("it is not a JSON object"))
            }
            return .success(fields)
        } catch {
            return .failure(.badAnswer(error.text))
        }
    }

    /// Reads a success answer with `read`.
    func contractAnswer<Answer>(_ read: (JSONFields) throws(JSONFault) -> Answer) -> Result<Answer, AppServerError> {
        contractFields().flatMap { fields in
            do throws(JSONFault) {
                return .success(try read(fields))
            } catch {
                return .failure(.badAnswer(error.description))
            }
        }
    }
}
