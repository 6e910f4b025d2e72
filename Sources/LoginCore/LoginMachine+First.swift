/// The link of an SDK that connects as soon as it is set up, before any login (tencent.md §2).
extension LoginMachine {
    /// Opens the link where the policy says so; without a network, or after a failure, the login opens its own.
    mutating func connectFirst() -> [Effect] {
        guard policy.connectsFirst, isNetworkAvailable else { return [] }
        let first = FirstLink(connection: connections.next(), deadline: timers.next())
        state = .connectingFirst(first)
        return [
            .notify(.linking), .openConnection(first.connection),
            .startTimer(first.deadline, .connect, after: policy.connectTimeout),
        ]
    }

    /// Gives the link that is there, or on its way, to a login; nil when there is none.
    mutating func takeOver(_ attempt: Attempt) -> [Effect]? {
        switch state {
        case .connectingFirst(let first):
            state = .connecting(Underway(attempt: attempt, connection: first.connection, deadline: first.deadline))
            return []
        case .connected(let connection):
            let underway = Underway(attempt: attempt, connection: connection, deadline: timers.next())
            state = .authenticating(underway)
            return askProviders(underway)
        case .uninitialised, .loggedOut, .acquiringToken, .connecting, .authenticating, .syncing, .online, .waiting,
            .waitingForNetwork, .loggingOut, .stopped:
            return nil
        }
    }

    /// The link did not come up; nothing is tried again before a login.
    mutating func failFirst(_ first: FirstLink, _ failure: LoginFailure, deadlineFired: Bool = false) -> [Effect] {
        state = .loggedOut
        return (deadlineFired ? [] : [.cancelTimer(first.deadline)])
            + [.closeConnection(first.connection), .notify(.linkFailed(failure))]
    }

    /// Gives a link up that no login needs.
    func leaveFirst() -> [Effect] {
        switch state {
        case .connectingFirst(let first): [.cancelTimer(first.deadline), .closeConnection(first.connection)]
        case .connected(let connection): [.closeConnection(connection)]
        case .uninitialised, .loggedOut, .acquiringToken, .connecting, .authenticating, .syncing, .online, .waiting,
            .waitingForNetwork, .loggingOut, .stopped:
            []
        }
    }

    /// The link broke before any login.
    mutating func loseFirst(_ connection: ConnectionID, _ cause: CloseCause) -> [Effect] {
        state = .loggedOut
        return [.closeConnection(connection), .notify(.linkLost(cause))]
    }
}
