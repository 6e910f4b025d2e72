import LoginCore

/// A built-in story, as the list shows it.
package struct StoryView: Sendable, Hashable {
    /// What the command line calls it.
    package var name: String
    /// The provider's title.
    package var provider: String
    package var title: String
    /// What it is about, in sentences; empty when the story says nothing more than its title.
    package var about: String
    /// The ids of the rules that it shows.
    package var rules: [String]
    /// Whether a live run can be compared with virtual time; nil while that is not known yet.
    package var live: Live?

    /// What a live run of a story can be.
    package enum Live: Sendable, Hashable {
        /// Compared, up to this time scale; with what limits it, unless nothing does.
        case comparable(highestScale: Int, limit: String?)
        /// Not compared, because.
        case virtualOnly(String)
    }

    package init(
        name: String, provider: String, title: String, about: String = "", rules: [String] = [], live: Live? = nil
    ) {
        self.name = name
        self.provider = provider
        self.title = title
        self.about = about
        self.rules = rules
        self.live = live
    }
}

/// The list of built-in stories, filtered by typing; its rows are the model's.
package struct StoryList: Sendable, Equatable {
    /// Words that a row must contain, each of them, whatever the case.
    package var query = TextInput()
    /// Index among the rows that are left.
    package var selected = 0

    /// The rows that the query leaves.
    func rows(_ stories: [StoryView]) -> [StoryView] {
        let words = query.text.split(separator: " ").map { TextSearch(String($0)) }
        return stories.filter { story in
            let text = ([story.name, story.provider, story.title, story.about] + story.rules).joined(separator: "\n")
            return words.allSatisfy { $0.matches(text) }
        }
    }

    mutating func type(_ character: Character) {
        query.insert(character)
        selected = 0
    }

    mutating func edit(_ action: Action) {
        let before = query.text
        query.perform(action)
        if query.text != before { selected = 0 }
    }
}

extension Model {
    /// Opens the list, and asks for what it shows.
    mutating func openStories() -> [LabCommand] {
        popups.append(.stories(StoryList()))
        return [.listStories]
    }

    mutating func changeStories(_ change: (inout StoryList) -> Void) {
        guard case .stories(var list)? = popups.last else { return }
        change(&list)
        popups[popups.count - 1] = .stories(list)
    }

    mutating func performInStories(_ action: Action) -> [LabCommand] {
        guard case .stories(let list)? = popups.last else { return [] }
        let rows = list.rows(stories)
        let last = max(0, rows.count - 1)
        let now = min(list.selected, last)
        let page = max(1, StoriesView.rows(self) - 1)
        switch action {
        case .storyUp: changeStories { $0.selected = max(0, now - 1) }
        case .storyDown: changeStories { $0.selected = min(last, now + 1) }
        case .storyPageUp: changeStories { $0.selected = max(0, now - page) }
        case .storyPageDown: changeStories { $0.selected = min(last, now + page) }
        case .storyFirst: changeStories { $0.selected = 0 }
        case .storyLast: changeStories { $0.selected = last }
        case .storyPlay:
            guard rows.indices.contains(now) else { return [] }
            awaitFilm("\(rows[now].name) is being played in virtual time.")
            return [.playStory(name: rows[now].name)]
        case .storyBack:
            popups.removeLast()
            status = nil
            guard awaitsFilm else { return [] }
            awaitsFilm = false
            return [.leaveFilm]
        default: break
        }
        return []
    }
}
