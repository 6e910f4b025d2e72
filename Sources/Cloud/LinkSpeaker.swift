import LoginCore
import Providers

/// A provider's cloud that speaks the lab's IM link; its frames stand in the IM server's lane.
protocol LinkSpeaker {
    var imLane: TranscriptLane { get set }
}

extension LinkSpeaker {
    /// Answers a frame.
    mutating func reply(
        to frame: ClientFrame, _ reply: LinkReply, _ title: @autoclosure () -> String, on link: LinkID, cause: EntryID,
        isHeartbeat: Bool = false, _ turn: inout Turn
    ) {
        send(.reply(id: frame.id, reply), title(), on: link, cause: cause, isHeartbeat: isHeartbeat, &turn)
    }

    /// Sends a frame that names its own transcript entry, so that what it causes elsewhere can be traced to it.
    mutating func send(
        _ body: ServerFrame.Body, _ title: @autoclosure () -> String, _ fields: @autoclosure () -> [Field] = [],
        on link: LinkID, cause: EntryID, isHeartbeat: Bool = false, _ turn: inout Turn
    ) {
        let entry = turn.record(
            &imLane, .frameSent, title(), [.link(link)] + fields(), cause: cause, isHeartbeat: isHeartbeat)
        turn.emit(.send(link, LinkCodec.encode(ServerFrame(body: body, cause: entry))))
    }
}
