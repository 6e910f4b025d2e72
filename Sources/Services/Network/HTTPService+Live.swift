import AsyncHTTPClient
import LoginCore
import NIOCore
import NIOHTTP1
import Providers
import Synchronization

extension HTTPService {
    /// Real HTTP/1.1 over the event loops of `group`, which the caller owns and shuts down after this service.
    ///
    /// One attempt is one TCP connect: every request has a client of its own, whose pool lives as long as the request,
    /// and says `Connection: close`. A shared pool would let a request ride on a connection that the server has just
    /// closed, or wait for one that an abandoned request is still opening. Failed connects are not retried, redirects
    /// not followed, bodies not decompressed.
    package static func live(group: any EventLoopGroup, trust: TLSTrust = .system) -> HTTPService {
        let exchanges = HTTPExchanges(group: group, trust: trust)
        return HTTPService(
            send: { base, request, deadline in
                await exchanges.send(request, to: base, deadline: deadline)
            },
            shutdown: {
                await exchanges.shutdown()
            }
        )
    }
}

/// The exchanges under way, so that a shutdown can wait for them.
private final class HTTPExchanges: Sendable {
    private struct State {
        var isClosed = false
        var lastNumber = 0
        var running: [Int: Task<Result<HTTPResponseValue, CloseCause>, Never>] = [:]
        var closing: [Int: Task<Void, Never>] = [:]
    }

    private let group: any EventLoopGroup
    private let trust: TLSTrust
    private let state = Mutex(State())

    init(group: any EventLoopGroup, trust: TLSTrust) {
        self.group = group
        self.trust = trust
    }

    func send(
        _ value: HTTPRequestValue,
        to base: String,
        deadline: Duration
    ) async -> Result<HTTPResponseValue, CloseCause> {
        guard let target = NetworkTarget(base + value.path, schemes: ["http", "https"]) else {
            return .failure(.refused)
        }
        let started = state.withLock { state -> (Int, Task<Result<HTTPResponseValue, CloseCause>, Never>)? in
            guard !state.isClosed else { return nil }
            state.lastNumber += 1
            let number = state.lastNumber
            let task = Task { await self.exchange(number, value, target: target, base: base, deadline: deadline) }
            state.running[number] = task
            return (number, task)
        }
        guard let (number, task) = started else { return .failure(.linkClosed) }
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        state.withLock { state in _ = state.running.removeValue(forKey: number) }
        return result
    }

    func shutdown() async {
        let running = state.withLock { state in
            state.isClosed = true
            return Array(state.running.values)
        }
        for task in running { task.cancel() }
        for task in running { _ = await task.value }
        // An exchange registers its closing before it ends, so none can be missing here.
        let closing = state.withLock { state in Array(state.closing.values) }
        for task in closing { await task.value }
    }

    /// One request on a client of its own, ended by the answer, a failure, the deadline or cancellation.
    private func exchange(
        _ number: Int,
        _ value: HTTPRequestValue,
        target: NetworkTarget,
        base: String,
        deadline: Duration
    ) async -> Result<HTTPResponseValue, CloseCause> {
        let limit = min(max(deadline, .zero), .seconds(86_400))
        return await withTaskGroup(of: Result<HTTPResponseValue, CloseCause>?.self) { race in
            race.addTask {
                await self.attempt(number, value, target: target, base: base, limit: limit)
            }
            race.addTask {
                // The library's own deadline ends with the answer's head; this one covers the body too.
                do {
                    try await Task.sleep(for: limit)
                    return .failure(.timedOut)
                } catch {
                    return nil
                }
            }
            var first: Result<HTTPResponseValue, CloseCause>?
            while first == nil, let next = await race.next() { first = next }
            race.cancelAll()
            return first ?? .failure(.linkClosed)
        }
    }

    private func attempt(
        _ number: Int,
        _ value: HTTPRequestValue,
        target: NetworkTarget,
        base: String,
        limit: Duration
    ) async -> Result<HTTPResponseValue, CloseCause> {
        let address: String
        do {
            guard let found = try await target.address(on: group.any()).ipAddress else { return .failure(.refused) }
            address = found
        } catch {
            return .failure(.refused)
        }
        guard !Task.isCancelled else { return .failure(.linkClosed) }

        let client = HTTPClient(
            eventLoopGroupProvider: .shared(group),
            configuration: configuration(of: target, address: address, limit: limit)
        )
        defer {
            // A client that is still connecting shuts down only when that connect ends, at its limit: the caller need
            // not wait for it, a shutdown of the service does.
            state.withLock { state in
                state.closing[number] = Task {
                    try? await client.shutdown()
                    self.state.withLock { state in _ = state.closing.removeValue(forKey: number) }
                }
            }
        }
        do {
            let response = try await client.execute(Self.request(value, base: base), timeout: TimeAmount(limit))
            var body = try await response.body.collect(upTo: HTTPService.longestBody)
            // A body that ends because we gave up looks like one that is complete.
            guard !Task.isCancelled else { return .failure(.linkClosed) }
            return .success(
                HTTPResponseValue(
                    status: Int(response.status.code),
                    headers: response.headers.map { HTTPHeader($0.name, $0.value) },
                    body: body.readBytes(length: body.readableBytes) ?? []
                ))
        } catch {
            return .failure(CloseCause.of(error, isEncrypted: target.isEncrypted))
        }
    }

    private func configuration(
        of target: NetworkTarget, address: String, limit: Duration
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.maximumUsesPerConnection = 1
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
        configuration.connectionPool.idleTimeout = .zero
        configuration.timeout.connect = TimeAmount(limit)
        if target.host != address { configuration.dnsOverride = [target.host: address] }
        if target.isEncrypted { configuration.tlsConfiguration = trust.configuration }
        return configuration
    }

    private static func request(_ value: HTTPRequestValue, base: String) -> HTTPClientRequest {
        let query = value.query.isEmpty ? "" : "?\(value.query)"
        var request = HTTPClientRequest(url: base + value.path + query)
        request.method = HTTPMethod(rawValue: value.method)
        for header in value.headers { request.headers.add(name: header.name, value: header.value) }
        request.headers.replaceOrAdd(name: "Connection", value: "close")
        if !value.body.isEmpty { request.body = .bytes(ByteBuffer(bytes: value.body)) }
        return request
    }
}
