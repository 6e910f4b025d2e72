import TerminalFrame

/// The built-in stories, found by typing, and what the selected one is about.
enum StoriesView {
    /// Rows below the list, for the selected story.
    private static let about = 6

    private static func rect(_ model: Model) -> Rect {
        let width = min(110, model.size.columns - 2)
        return Rect(x: (model.size.columns - width) / 2, y: 1, width: width, height: model.size.rows - 3)
    }

    static func rows(_ model: Model) -> Int { max(1, rect(model).height - 4 - about) }

    static func draw(_ list: StoryList, _ model: Model, on canvas: inout Canvas) {
        let rect = rect(model)
        let inside = canvas.popup(rect, title: "Stories")
        canvas.write("find", x: inside.x, y: inside.y, style: Look.strong, width: 4)
        let field = Rect(x: inside.x + 6, y: inside.y, width: min(40, inside.width - 26), height: 1)
        TextInputView.draw(list.query, masked: false, isFocused: true, field, on: &canvas)
        let stories = list.rows(model.stories)
        let selected = min(list.selected, max(0, stories.count - 1))
        let count =
            model.stories.isEmpty
            ? "being read" : stories.isEmpty ? "nothing found" : "\(selected + 1) of \(stories.count)"
        canvas.writeRight(Line(count, Look.dim), endX: inside.endX, y: inside.y, width: 18)
        let height = rows(model)
        let first = max(0, min(selected - height / 2, stories.count - height))
        for (offset, story) in stories[first...].prefix(height).enumerated() {
            draw(
                story, isSelected: first + offset == selected,
                Rect(x: inside.x, y: inside.y + 2 + offset, width: inside.width, height: 1), on: &canvas)
        }
        guard stories.indices.contains(selected) else { return }
        let below = Rect(x: inside.x, y: inside.y + 2 + height, width: inside.width, height: about)
        canvas.frame.horizontalLine(
            x: rect.x + 1, y: below.y, length: rect.width - 2, style: Look.rule, glyphs: canvas.glyphs)
        draw(about: stories[selected], below.inset(top: 1), on: &canvas)
    }

    private static func draw(_ story: StoryView, isSelected: Bool, _ row: Rect, on canvas: inout Canvas) {
        canvas.write(
            isSelected ? canvas.glyphs.marker : " ", x: row.x, y: row.y, style: Look.heading, width: 1)
        canvas.write(story.provider, x: row.x + 2, y: row.y, style: Look.dim, width: 10)
        canvas.write(story.title, x: row.x + 13, y: row.y, width: row.width - 13 - 10)
        canvas.writeRight(Line(word(story.live, canvas.glyphs), Look.dim), endX: row.endX, y: row.y, width: 9)
        guard isSelected else { return }
        canvas.frame.restyle(row) { style in
            style.isReversed = true
            style.isDim = false
        }
    }

    private static func word(_ live: StoryView.Live?, _ glyphs: Glyphs) -> String {
        switch live {
        case nil: glyphs.ellipsis
        case .comparable(_, nil): "live"
        case .comparable(let scale, _): "live, x\(scale)"
        case .virtualOnly: "virtual"
        }
    }

    /// The story in words, the name that the command line takes first.
    private static func draw(about story: StoryView, _ rect: Rect, on canvas: inout Canvas) {
        func wrapped(_ text: String, _ most: Int, _ style: Style = .plain) -> [Line] {
            Wrap.rows(canvas.drawable(text), width: rect.width, most: most, ellipsis: canvas.glyphs.ellipsis)
                .map { Line($0, style) }
        }
        let live =
            switch story.live {
            case nil: "Whether a live run can be compared is being found out."
            case .comparable(_, nil): "A live run can be compared with virtual time."
            case .comparable(let scale, let limit?):
                "A live run can be compared up to --time-scale \(scale): \(limit)."
            case .virtualOnly(let why): "Virtual only: \(why)."
            }
        let rules = story.rules.isEmpty ? "" : "  (\(story.rules.joined(separator: ", ")))"
        var lines = [Line(Span("latchkey run \(story.name)", Look.strong), Span(rules, Look.dim))]
        let why = wrapped(live, 2, Look.dim)
        lines += wrapped(
            story.about.isEmpty ? story.title : "\(story.title). \(story.about)", rect.height - 1 - why.count)
        canvas.write(lines + why, in: rect)
    }
}
