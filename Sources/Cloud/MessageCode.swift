import Crypto
import LoginCore
import Synchronization

/// HMAC-SHA256 with one key, which is worked in once.
struct MessageCode: Sendable {
    private let begun: HMAC<SHA256>

    init(key: String) {
        begun = HMAC<SHA256>(key: SymmetricKey(data: Array(key.utf8)))
    }

    /// The 32 bytes of the code of `content`.
    func callAsFunction(of content: [UInt8]) -> [UInt8] {
        var code = begun
        code.update(data: content)
        return code.finalize().withUnsafeBytes { Array($0) }
    }
}

/// What stands in the last tokens that were found to be signed rightly, so that none is taken apart twice.
///
/// Everything that may change, such as whether a token's time is over, is left to those who ask.
final class KnownTokens<Content: Sendable>: Sendable {
    private let contents = Mutex<[Secret: Content]>([:])

    /// More are forgotten together, so that a long life keeps none that nobody uses.
    private var most: Int { 256 }

    func keep(_ content: Content, of token: Secret) {
        contents.withLock { contents in
            if contents.count >= most { contents = [:] }
            contents[token] = content
        }
    }

    func content(of token: Secret) -> Content? {
        contents.withLock { $0[token] }
    }
}
