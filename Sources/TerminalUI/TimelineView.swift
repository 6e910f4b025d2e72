import LoginCore
import TerminalFrame

/// What happened, one row an entry: time, lane, who did it, what; the selected one with its cause and its effects.
enum TimelineView {
    static func draw(_ model: Model, _ layout: Layout, on canvas: inout Canvas) {
        let rect = layout.timeline
        canvas.heading("Timeline", rect, remark: remark(model, canvas.glyphs))
        if !model.isZoomed {
            canvas.frame.write(canvas.glyphs.teeUp, x: layout.devices.endX, y: rect.y, style: Look.rule)
            drawHeadingOver(model, rect, layout.devices.endX, on: &canvas)
        }
        let rows = layout.timelineRows
        let timeline = model.timeline
        guard let selected = timeline.selectedIndex, let entry = timeline.selected else {
            let text = timeline.isFiltered && timeline.total > 0 ? "nothing passes the filter" : "nothing yet"
            canvas.write(text, x: 1, y: rect.y + 1, style: Look.dim, width: rect.width - 1)
            return
        }
        // The selection stands in the middle, except near the two ends.
        let last = min(timeline.count - 1, max(selected + rows / 2, rows - 1))
        let first = max(0, last - rows + 1)
        for index in first...max(first, last) {
            guard let shown = timeline[index] else { continue }
            let row = Rect(x: 0, y: rect.y + 1 + index - first, width: rect.width, height: 1)
            draw(shown, relation: Relation(shown, to: entry), isPinned: !timeline.followsTail, row, on: &canvas)
        }
    }

    /// The heading's remark may cover the place where the separator ends.
    private static func drawHeadingOver(_ model: Model, _ rect: Rect, _ x: Int, on canvas: inout Canvas) {
        guard let remark = remark(model, canvas.glyphs) else { return }
        let columns = remark.spans.reduce(2) { $0 + DisplayWidth.columns(of: canvas.drawable($1.text)) }
        guard rect.endX - 1 - columns <= x else { return }
        canvas.heading("Timeline", rect, remark: remark)
    }

    private static func remark(_ model: Model, _ glyphs: Glyphs) -> Line? {
        let timeline = model.timeline
        guard timeline.total > 0 else { return nil }
        var spans: [Span] = []
        if !timeline.filter.isEmpty {
            let filter = DisplayWidth.clip(timeline.filter, to: 20, ellipsis: glyphs.ellipsis)
            spans.append(Span("filter \"\(filter)\" ", Look.busy))
        }
        if let lane = timeline.lane { spans.append(Span("only \(lane) ", Look.busy)) }
        if !timeline.showsHeartbeats { spans.append(Span("no heartbeats ", Look.busy)) }
        if timeline.isFiltered {
            spans.append(Span("\(timeline.count) of \(timeline.total)", Look.plain))
        } else {
            spans.append(Span("\(timeline.total) entries", Look.dim))
        }
        if let selected = timeline.selectedIndex, !timeline.followsTail {
            spans.append(Span(", \(timeline.count - 1 - selected) newer: End", Look.strong))
        }
        return Line(spans)
    }

    /// What an entry is to the selected one.
    private enum Relation {
        case selected
        case cause
        case effect
        case none

        init(_ entry: TranscriptEntry, to selected: TranscriptEntry) {
            if entry.id == selected.id {
                self = .selected
            } else if entry.id == selected.cause {
                self = .cause
            } else if entry.cause == selected.id {
                self = .effect
            } else {
                self = .none
            }
        }
    }

    private static func draw(
        _ entry: TranscriptEntry, relation: Relation, isPinned: Bool, _ row: Rect, on canvas: inout Canvas
    ) {
        let glyphs = canvas.glyphs
        let y = row.y
        let base = entry.isHeartbeat ? Look.dim : Look.plain
        canvas.write(FieldText.timeOfDay(entry.at), x: 1, y: y, style: Look.dim, width: 12)
        canvas.write(entry.lane.word, x: 14, y: y, style: base, width: 7)
        canvas.write(entry.owner.word, x: 22, y: y, style: look(entry.owner), width: 6)
        canvas.write(sign(entry, glyphs), x: 29, y: y, style: look(entry.owner), width: 1)
        var end = row.endX - 1
        switch relation {
        case .selected:
            let cause = entry.cause.map { "\(glyphs.arrowLeft) \($0)" } ?? ""
            end = canvas.writeRight(Line(cause, Look.plain), endX: end, y: y, width: 16) - 1
        case .cause: end = canvas.writeRight(Line("its cause", Look.busy), endX: end, y: y, width: 9) - 1
        case .effect: end = canvas.writeRight(Line("its effect", Look.busy), endX: end, y: y, width: 10) - 1
        case .none: break
        }
        canvas.write(entry.title, x: 31, y: y, style: title(entry), width: end - 31)
        guard case .selected = relation else { return }
        canvas.write(glyphs.marker, x: 0, y: y, style: Look.heading, width: 1)
        // While it follows the newest entry a bar would only flicker along.
        guard isPinned else { return }
        canvas.frame.restyle(row) { style in
            style.isReversed = true
            style.isDim = false
        }
    }

    private static func title(_ entry: TranscriptEntry) -> Style {
        switch entry.kind {
        case .misuse: Look.bad
        case .notice: Look.busy
        case .state, .intent: Look.strong
        case .timerStarted, .timerFired, .timerCancelled: Look.dim
        case .callback, .httpRequest, .httpResponse, .frameSent, .frameReceived, .link, .store:
            entry.isHeartbeat ? Look.dim : Look.plain
        }
    }

    static func look(_ owner: Owner) -> Style {
        switch owner {
        case .user: Style(foreground: .yellow)
        case .app: Style(foreground: .green)
        case .sdk: Style(foreground: .cyan)
        case .server: Style(foreground: .magenta)
        case .lab: Style(isDim: true)
        }
    }

    static func sign(_ entry: TranscriptEntry, _ glyphs: Glyphs) -> String {
        switch entry.kind {
        case .intent: glyphs.marker
        case .state: glyphs.filledCircle
        case .callback: glyphs.arrowUp
        case .httpRequest, .frameSent: glyphs.arrowRight
        case .httpResponse, .frameReceived: glyphs.arrowLeft
        case .timerStarted, .timerFired, .timerCancelled: glyphs.hollowCircle
        case .link, .store: glyphs.bullet
        case .notice, .misuse: glyphs.warning
        }
    }
}
