import Cloud
import LoginCore
import Providers

/// A recording told as a story: its steps are what was done, its expectations are what was seen.
///
/// Secrets are stand-ins that keep their failure: a password that was right is the person's in the story too, another one
/// is wrong there too, and a typed token that no device had saved is one that opens nothing. What earlier runs had left,
/// such as a saved login, is made by steps before the first one. What the language of stories has no words for stands at
/// the head of the file as a comment.
package struct RecordedStory: Sendable {
    /// The id of the provider whose SDKs it plays.
    package let provider: String
    /// The file.
    package let text: String
    /// What the story leaves out, each as one sentence.
    package let notes: [String]

    /// The stories of a recording, called `title`: one for each provider whose SDKs were used, for a story has one.
    ///
    /// What is of several providers is told in several stories, each without the others' devices.
    package static func all(of recording: Recording, title: String) -> [RecordedStory] {
        let parts = recording.providers.map { ($0, recording.part(of: $0)) }
        let used = parts.filter { $0.1.isUsed }
        return (used.isEmpty ? Array(parts.prefix(1)) : used).map { provider, part in
            let name = used.count > 1 ? ProviderRegistry.provider(provider)?.title : nil
            return RecordedStory(part, title: title + (name.map { ", \($0)" } ?? ""), isPart: used.count > 1)
        }
    }

    private init(_ recording: Recording, title: String, isPart: Bool) {
        var teller = StoryTeller(recording)
        if isPart { teller.note("Devices of other providers have stories of their own.") }
        teller.tell()
        provider = teller.provider
        notes = teller.notes
        text = teller.text(title: title)
    }
}

extension Recording {
    /// What concerns the SDKs of one provider: the lives of their apps, and what was done to them and to accounts there.
    func part(of id: String) -> Recording {
        guard provider != id || providers != [id] else { return self }
        var playing: [String: String] = [:]
        var ours: Set<String> = []
        for case .begin(let life, _) in items where (life.provider ?? provider) == id { ours.insert(life.device) }
        // Whether the operator turned to this provider last; the app server hears and answers that next.
        var isAsked = false
        let kept = items.filter { item in
            switch item {
            case .begin(let life, _):
                playing[life.device] = life.provider ?? provider
                return playing[life.device] == id
            case .take(let take): return playing[take.device] == id
            case .end(let device, _): return playing[device] == id
            case .doing(.network(let device, _), _, _): return ours.contains(device)
            case .doing(.cut(let device), _, _): return playing[device] == id
            case .doing(.killBackend, _, _), .doing(.startBackend, _, _), .doing(.other, nil, _): return true
            case .doing(_, let named, _):
                isAsked = (named ?? provider) == id
                return isAsked
            case .entry(let entry): return isAsked || !StoryTeller.isOfOperator(entry)
            }
        }
        return Recording(provider: id, items: kept)
    }

    /// Whether an SDK or an app of it turned to a server, or the operator did something.
    fileprivate var isUsed: Bool {
        items.contains { item in
            switch item {
            case .take(let take): take.entries.contains { $0.kind == .link || $0.kind == .httpRequest }
            case .doing(.operate, _, _), .doing(.settings, _, _): true
            case .begin, .end, .doing, .entry: false
            }
        }
    }

    /// The items in an order in which each app's start is followed by what that app does first.
    ///
    /// A lab starts several apps within milliseconds, and each reads its saved login from the disk before it does anything.
    /// In a story each start is a step, and what comes of it follows that step. Until a server has answered, no device
    /// knows of another one.
    var told: [Recording.Item] {
        var told: [Recording.Item] = []
        var starts: [(device: String, at: Instant, items: [Recording.Item])] = []
        for item in items {
            if case .entry = item {
                told.append(item)
                continue
            }
            let isNear = starts.first.map { item.at - $0.at < .seconds(2) } ?? true
            if case .begin(let life, let at) = item, isNear, !starts.contains(where: { $0.device == life.device }) {
                starts.append((life.device, at, [item]))
            } else if case .take(let take) = item, isNear, !take.input.isAnswerOrWish,
                let place = starts.firstIndex(where: { $0.device == take.device })
            {
                starts[place].items.append(item)
            } else {
                told += starts.flatMap(\.items)
                starts = []
                if case .begin(let life, let at) = item {
                    starts = [(life.device, at, [item])]
                } else {
                    told.append(item)
                }
            }
        }
        return told + starts.flatMap(\.items)
    }
}

extension ClientCore.Input {
    /// Whether somebody wants something with it, or a server answers a device: other devices may matter from there on.
    fileprivate var isAnswerOrWish: Bool {
        switch self {
        case .app(.started), .app(.settingsChanged), .sdk(.initialised), .sdk(.networkLost), .sdk(.networkReturned):
            false
        case .sdk(.received): true
        default: isIntent
        }
    }
}
