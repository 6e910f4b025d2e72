import LoginCore
import Providers

/// Names one HTTP exchange that a listener has open; minted by whoever runs the Cloud.
package struct ExchangeID: CounterID {
    package static let letter = "x"
    package let number: Int
    package init(_ number: Int) { self.number = number }
}

/// Names one long connection; minted by whoever runs the Cloud.
package struct LinkID: CounterID {
    package static let letter = "l"
    package let number: Int
    package init(_ number: Int) { self.number = number }
}

/// Names one HTTP call that a Cloud value made; minted by that value.
package struct OutgoingID: CounterID {
    package static let letter = "o"
    package let number: Int
    package init(_ number: Int) { self.number = number }
}

/// What reaches the app server or the provider's cloud.
package enum CloudEvent: Sendable {
    indirect case request(ExchangeID, HTTPRequestValue)
    /// The client address is dotted decimal without a port.
    case linkOpened(LinkID, clientAddress: String)
    /// One text frame's bytes.
    case frame(LinkID, [UInt8])
    case linkClosed(LinkID, CloseCause)
    case timerFired(TimerID)
    indirect case httpAnswered(OutgoingID, Result<HTTPResponseValue, CallFailure>)
}

/// Why a call that a Cloud value made has no answer.
package struct CallFailure: Error, Hashable, Sendable {
    package let cause: CloseCause
    package init(_ cause: CloseCause) { self.cause = cause }
}

/// Where a Cloud value wants an HTTP call to go; the runner knows the address.
package enum CallTarget: Hashable, Sendable {
    /// The provider's web API listener.
    case webAPI
    /// A URL from the settings, such as a login callback.
    case url(String)
}

/// What the app server or the provider's cloud wants done.
package enum CloudEffect: Sendable {
    indirect case respond(ExchangeID, HTTPResponseValue)
    /// One text frame's bytes.
    case send(LinkID, [UInt8])
    /// A WebSocket close code, such as 1000.
    case close(LinkID, code: Int)
    case startTimer(TimerID, after: Duration)
    case cancelTimer(TimerID)
    indirect case httpCall(OutgoingID, CallTarget, HTTPRequestValue, timeout: Duration)
    /// Writes a durable record before the effects that follow are run.
    indirect case save(DurableRecord)
    /// Removes a durable record.
    case remove(collection: String, key: String)
    indirect case record(TranscriptEntry)
}

/// One durable piece of a Cloud value's state.
package struct DurableRecord: Hashable, Sendable {
    package let collection: String
    package let key: String
    /// Makes the value when somebody wants it: a world in memory reads few of the records that it keeps.
    private let make: @Sendable () -> [UInt8]

    /// JSON with sorted keys.
    package var value: [UInt8] { make() }

    package init(collection: String, key: String, value: @autoclosure @escaping @Sendable () -> [UInt8]) {
        self.collection = collection
        self.key = key
        make = value
    }

    package static func == (left: DurableRecord, right: DurableRecord) -> Bool {
        left.collection == right.collection && left.key == right.key && left.value == right.value
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(collection)
        hasher.combine(key)
    }
}

/// One side of the backend as a value: events in, effects out, no clock, no chance, no I/O of its own.
package protocol CloudValue: Sendable {
    mutating func handle(_ event: CloudEvent, at now: Instant) -> [CloudEffect]

    /// Takes an event in place of ``handle(_:at:)`` when what that wanted to write could not be written.
    ///
    /// The value is as it was before the event. Whoever asked is answered with an error that holds `sentence`, and
    /// nothing that lasts changes: no effect is `save` or `remove`.
    mutating func refuse(_ event: CloudEvent, because sentence: String, at now: Instant) -> [CloudEffect]

    /// Goes on with the transcript of an earlier life, so that no entry's id stands twice in one run.
    ///
    /// `last` gives the number of each lane's last entry.
    mutating func continueTranscript(after last: [Lane: Int])

    /// Counts its entries from now on and makes none: nobody reads them.
    mutating func quieten()
}

extension CloudValue {
    /// A value that cannot be quiet goes on writing.
    package mutating func quieten() {}
}

/// The provider's cloud: web API and IM server.
package protocol ProviderCloud: CloudValue {
    /// The sessions that are open now, oldest login first; nil where the cloud does not tell.
    ///
    /// For those who watch a whole world; clients and app servers learn of sessions over the wire.
    var liveSessions: [LiveSession]? { get }
}

extension ProviderCloud {
    package var liveSessions: [LiveSession]? { nil }
}

/// A client that is logged in, as its provider's cloud sees it.
package struct LiveSession: Hashable, Sendable {
    package let account: String
    package let deviceID: String
    /// The provider's number for the kind of client.
    package let clientType: Int
    /// When the login was accepted.
    package let since: Instant
    /// The link that carries it.
    package let link: LinkID

    package init(account: String, deviceID: String, clientType: Int, since: Instant, link: LinkID) {
        self.account = account
        self.deviceID = deviceID
        self.clientType = clientType
        self.since = since
        self.link = link
    }
}
