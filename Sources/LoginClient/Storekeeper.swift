import Services

/// Writes what a client keeps, in order and off its loop: a token store that another process holds up must not hold up
/// the machines.
struct Storekeeper: Sendable {
    private enum Job: Sendable {
        case save(StoredLogin)
        case erase
        case tell(CheckedContinuation<Void, Never>)
    }

    private let services: ClientServices
    private let said: @Sendable (String) -> Void
    private let jobs: AsyncStream<Job>
    private let post: AsyncStream<Job>.Continuation

    init(_ services: ClientServices, said: @escaping @Sendable (String) -> Void) {
        self.services = services
        self.said = said
        (jobs, post) = AsyncStream.makeStream()
    }

    func save(_ login: StoredLogin) {
        post.yield(.save(login))
    }

    func erase() {
        post.yield(.erase)
    }

    /// No more is to be written: ``run()`` returns once the rest is.
    func close() {
        post.finish()
    }

    /// Returns when everything is written that was asked for before; at once after the end.
    func finishWriting() async {
        await withCheckedContinuation { continuation in
            if case .terminated = post.yield(.tell(continuation)) { continuation.resume() }
        }
    }

    func run() async {
        for await job in jobs {
            do throws(StoreError) {
                switch job {
                case .save(let login): try await services.save(login)
                case .erase: try await services.erase()
                case .tell(let continuation): continuation.resume()
                }
            } catch {
                said(error.message)
            }
        }
    }
}
