import LoginCore

/// Reading calls, as the web API does: path, method, headers, encoding, fields, in this order.
extension CommsEaseCommand {
    /// The longest body in bytes; ours, no source gives one.
    package static let longestBody = 65_536

    /// Reads a call; signature and time are the cloud's to check.
    ///
    /// V1 codes are commsease.md §11.2's. A path that does not exist is 404 and a wrong method 405 [ours]; everything
    /// else that is wrong with a call is 414, a parameter error: "too long" too, since 405 for it stands in the
    /// general table only, and the endpoints' own lists have 414.
    package static func parse(_ request: HTTPRequestValue) -> Result<CommsEaseCall, CommsEaseAPIError> {
        do throws(CommsEaseAPIError) {
            let route = try CommsEaseRoute(path: request.path)
            guard route.methods.contains(request.method) else {
                throw CommsEaseAPIError(code: 405, desc: "method not allowed")
            }
            let credentials = try credentials(of: request)
            guard request.body.count <= longestBody else { throw parameter("body too long") }
            return .success(CommsEaseCall(command: try route.command(request), credentials: credentials))
        } catch {
            return .failure(error)
        }
    }

    private static func credentials(
        of request: HTTPRequestValue
    ) throws(CommsEaseAPIError) -> CommsEaseCredentials {
        let nonce = try header("Nonce", of: request)
        guard nonce.unicodeScalars.count <= 128 else { throw parameter("Nonce too long") }
        for name in ["RequestId", "X-custom-traceid"] { _ = try single(name, of: request) }
        return CommsEaseCredentials(
            appKey: try header("AppKey", of: request), nonce: nonce, curTime: try header("CurTime", of: request),
            checkSum: try header("CheckSum", of: request))
    }

    private static func header(_ name: String, of request: HTTPRequestValue) throws(CommsEaseAPIError) -> String {
        guard let value = try single(name, of: request), !value.isEmpty else {
            throw parameter("missing header \(name)")
        }
        return value
    }

    /// A header that may stand once.
    private static func single(_ name: String, of request: HTTPRequestValue) throws(CommsEaseAPIError) -> String? {
        let values = request.values(of: name)
        guard values.count <= 1 else { throw parameter("duplicate header \(name)") }
        return values.first
    }

    static func parameter(_ desc: String) -> CommsEaseAPIError {
        CommsEaseAPIError(code: 414, desc: desc)
    }

    /// The account as the server stores it (commsease.md §11.2); nil when it breaks the alphabet or the length.
    ///
    /// Only ASCII may be lower-cased: Unicode's rules would turn the Kelvin sign into a `k` and name another account.
    static func storedAccount(_ text: String) -> String? {
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x40, 0x2E, 0x2D: true
            default: false
            }
        }
        return isAllowed && (1...32).contains(text.utf8.count) ? text.lowercased() : nil
    }

    /// Checks the content type; its charset may be spelt in any way or left out, and so may the whole header.
    static func checkContentType(
        of request: HTTPRequestValue, is wanted: String
    ) throws(CommsEaseAPIError) {
        guard let value = try single("Content-Type", of: request) else { return }
        let parts = value.lowercased().split(separator: ";", omittingEmptySubsequences: false)
        let isUTF8 = parts.dropFirst().allSatisfy { part in
            let parameter = part.filter { !"\"' \t".contains($0) }
            guard parameter.hasPrefix("charset=") else { return true }
            return ["utf-8", "utf8", "utf_8"].contains(parameter.dropFirst("charset=".count))
        }
        // Blanks may stand around the type, not in it.
        let words = parts.first?.split { $0 == " " || $0 == "\t" } ?? []
        guard words.count == 1, words[0] == wanted, isUTF8 else { throw parameter("Content-Type") }
    }
}
