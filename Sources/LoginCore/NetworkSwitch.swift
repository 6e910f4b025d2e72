/// What a device's network does at the moment (DESIGN §4).
package enum NetworkMode: String, Sendable, Hashable, CaseIterable, Codable {
    /// Everything works.
    case pass
    /// The system says so, connections are cut.
    case offline
    /// Bytes are swallowed and nobody says so.
    case silent
    /// Connections are refused and nobody says so.
    case refusing
}

/// What a network switch applies to.
package enum NetworkScope: String, Sendable, Hashable, CaseIterable, Codable {
    case everything
    case link
    case appServer
}

/// One of a device's two ways out.
package enum NetworkPart: String, Sendable, Hashable, CaseIterable {
    /// To the IM server.
    case link
    /// To the app server.
    case appServer
}

/// What becomes of connections on one way out.
package enum NetworkFault: String, Sendable, Hashable, CaseIterable {
    /// Bytes and ends go through.
    case pass
    /// A connect is refused, and what was connected is reset.
    case refuse
    /// Nothing is delivered and nothing is lost; it goes on when it passes again.
    case swallow
}

/// A device's network switch: the one place that says what it does, in the live and in the virtual world.
package struct NetworkSwitch: Sendable, Hashable, Codable {
    package var mode: NetworkMode
    package var scope: NetworkScope

    package init(mode: NetworkMode = .pass, scope: NetworkScope = .everything) {
        self.mode = mode
        self.scope = scope
    }

    /// Whether the system tells the SDK that there is no network: it does when the link is concerned.
    package var isHinted: Bool { mode == .offline && scope != .appServer }

    /// What happens on one way out.
    ///
    /// While the backend is killed, what would pass is refused, as its closed ports refuse.
    package func fault(on part: NetworkPart, isBackendUp: Bool) -> NetworkFault {
        let open: NetworkFault = isBackendUp ? .pass : .refuse
        let isConcerned =
            switch (scope, part) {
            case (.everything, _), (.link, .link), (.appServer, .appServer): true
            case (.link, .appServer), (.appServer, .link): false
            }
        guard isConcerned else { return open }
        return switch mode {
        case .pass: open
        case .offline, .refusing: .refuse
        case .silent: .swallow
        }
    }
}
