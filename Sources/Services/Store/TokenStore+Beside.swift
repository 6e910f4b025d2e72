import Dispatch

extension TokenStore {
    /// Runs `work` on the store's own thread, one piece after the other, so that nobody who runs on a shared one waits
    /// for the disk or for another process.
    package func beside<Value: Sendable>(
        _ work: @escaping @Sendable (TokenStore) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            thread.async {
                do throws(StoreError) {
                    continuation.resume(returning: .success(try work(self)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
