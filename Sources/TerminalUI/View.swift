import LoginCore
import Providers
import TerminalFrame

/// The picture of a model, always of the size asked for.
package func view(_ model: Model, size: Size, glyphs: Glyphs = .unicode) -> Frame {
    if case .film(_, let film)? = model.screening { return view(film, size: size, glyphs: glyphs) }
    var model = model
    model.size = size
    var canvas = Canvas(size: size, glyphs: glyphs)
    guard !model.isTooSmall else {
        TooSmallView.draw(size, wayOut: model.isFilm ? "q leaves the film." : "q quits.", on: &canvas)
        return canvas.frame
    }
    let layout = model.layout
    TitleView.draw(model, layout.title, on: &canvas)
    if model.isZoomed {
        DevicesView.drawStrip(model, layout.devices, on: &canvas)
    } else {
        DevicesView.draw(model, layout.devices, on: &canvas)
        PeopleView.draw(model, layout.people, on: &canvas)
        DeviceView.draw(model, layout.device, on: &canvas)
        TokenView.draw(model, layout.token, on: &canvas)
        drawSeparator(layout, on: &canvas)
    }
    TimelineView.draw(model, layout, on: &canvas)
    if !model.popups.isEmpty {
        // What lies behind steps back.
        canvas.frame.restyle(Rect(size)) { $0 = Look.dim }
        TitleView.draw(model, layout.title, on: &canvas)
    }
    for popup in model.popups.suffix(2) {
        switch popup {
        case .form(let form): FormView.draw(form, model, on: &canvas)
        case .menu(let menu): MenuView.draw(menu, model, on: &canvas)
        case .entry(let inspection): EntryView.draw(inspection, model, on: &canvas)
        case .help(let help): HelpView.draw(help, model, on: &canvas)
        case .stories(let list): StoriesView.draw(list, model, on: &canvas)
        }
    }
    StatusView.draw(model, layout.status, on: &canvas)
    FooterView.draw(model, layout.footer, on: &canvas)
    return canvas.frame
}

/// The line between the left and the right column, joined to the headings' lines.
private func drawSeparator(_ layout: Layout, on canvas: inout Canvas) {
    let x = layout.devices.endX
    let glyphs = canvas.glyphs
    let top = layout.devices.y
    let bottom = layout.timeline.y
    canvas.frame.verticalLine(x: x, y: top + 1, length: bottom - top - 1, style: Look.rule, glyphs: glyphs)
    canvas.frame.write(glyphs.teeDown, x: x, y: top, style: Look.rule)
    if layout.people.y == layout.token.y {
        canvas.frame.write(glyphs.cross, x: x, y: layout.people.y, style: Look.rule)
    } else {
        canvas.frame.write(glyphs.teeLeft, x: x, y: layout.people.y, style: Look.rule)
        canvas.frame.write(glyphs.teeRight, x: x, y: layout.token.y, style: Look.rule)
    }
}

/// What is shown instead of everything when the window is too small.
enum TooSmallView {
    static func draw(_ size: Size, wayOut: String, on canvas: inout Canvas) {
        let smallest = Model.smallest
        let lines = [
            "Latchkey needs a window of \(smallest.columns)x\(smallest.rows).",
            "This one is \(size.columns)x\(size.rows): make it larger.",
            wayOut,
        ].flatMap { Wrap.rows($0, width: size.columns) }
        let top = max(0, (size.rows - lines.count) / 2)
        for (row, line) in lines.enumerated() where top + row < size.rows {
            let x = max(0, (size.columns - DisplayWidth.columns(of: line)) / 2)
            canvas.write(line, x: x, y: top + row, style: row == 0 ? Look.strong : Look.plain, width: size.columns - x)
        }
    }
}

/// The first row: the backend, and what holds for the whole lab.
enum TitleView {
    static func draw(_ model: Model, _ rect: Rect, on canvas: inout Canvas) {
        canvas.frame.fill(rect, style: Look.bar)
        let used = 1 + canvas.write("Latchkey", x: 1, y: rect.y, style: Look.strongBar, width: 10)
        let right = canvas.writeRight(
            Line(facts(model), Look.bar), endX: rect.endX - 1, y: rect.y, width: rect.width / 2)
        canvas.write(backend(model, canvas.glyphs), x: used + 2, y: rect.y, style: Look.bar, width: right - used - 4)
    }

    private static func backend(_ model: Model, _ glyphs: Glyphs) -> String {
        if let film = model.snapshot?.film { return film.text }
        return switch model.snapshot?.backend {
        case nil, .starting: "\(glyphs.halfCircle) starting the backend\(glyphs.ellipsis)"
        case .ready where model.snapshot?.trouble != nil: "\(glyphs.warning) the backend cannot save"
        case .ready(let appServer, _, _): "\(glyphs.filledCircle) backend ready, \(host(appServer))"
        case .killed: "\(glyphs.failure) backend killed, b starts it"
        case .failed: "\(glyphs.failure) backend failed"
        case .foreign(let url): "\(glyphs.filledCircle) app server \(host(url))"
        }
    }

    private static func facts(_ model: Model) -> String {
        guard let snapshot = model.snapshot else { return model.provider.title }
        guard snapshot.film == nil else { return "\(FieldText.timeOfDay(model.now)) UTC" }
        let scale = snapshot.timeScale == 1 ? "" : "  time x\(snapshot.timeScale)"
        guard let settings = model.settings else { return "settings unknown\(scale)" }
        let kind = model.provider.name(of: settings.tokenKind)
        let showsLife = settings.tokenKind != .callback && model.provider.ends(settings.tokenKind)
        let tokens = showsLife ? "\(kind) \(settings.tokenLifetime) s" : "\(kind) tokens"
        return "policy \(settings.devicePolicy)  \(tokens)\(scale)"
    }

    /// `127.0.0.1:5123` of `http://127.0.0.1:5123`.
    private static func host(_ url: String) -> String {
        let parts = url.split(separator: "/", omittingEmptySubsequences: true)
        return parts.count > 1 ? String(parts[1]) : url
    }
}

/// The row for messages; a long one takes as many rows from the timeline as it needs, four at the most.
enum StatusView {
    static func draw(_ model: Model, _ rect: Rect, on canvas: inout Canvas) {
        if let input = model.filterInput {
            let label = "Filter: "
            let field = Rect(x: 1 + label.count, y: rect.y, width: rect.width - label.count - 2, height: 1)
            canvas.write(label, x: 1, y: rect.y, style: Look.strong, width: label.count)
            TextInputView.draw(input, masked: false, isFocused: true, field, on: &canvas)
            return
        }
        guard let status = line(model) else { return }
        let isProblem = status.kind == .problem
        let mark = isProblem ? "\(canvas.glyphs.warning) " : ""
        let rows = Wrap.rows(
            canvas.drawable(mark + status.text), width: rect.width - 2, most: 4, ellipsis: canvas.glyphs.ellipsis)
        let top = rect.y - rows.count + 1
        for (row, text) in rows.enumerated() {
            canvas.frame.fill(Rect(x: 0, y: top + row, width: rect.width, height: 1))
            canvas.write(text, x: 1, y: top + row, style: isProblem ? Look.bad : Look.strong, width: rect.width - 2)
        }
    }

    /// Whether the row has nothing to say.
    static func isEmpty(_ model: Model) -> Bool { model.filterInput == nil && line(model) == nil }

    /// The message, or what is worth saying while there is none.
    private static func line(_ model: Model) -> StatusLine? {
        if let status = model.status { return status }
        guard let snapshot = model.snapshot else {
            return StatusLine(text: "Starting the backend. The lab opens as soon as it listens.", kind: .note)
        }
        if case .failed(let why) = snapshot.backend { return StatusLine(text: why, kind: .problem) }
        if let trouble = snapshot.trouble { return StatusLine(text: trouble, kind: .problem) }
        return model.notice.map { StatusLine(text: $0, kind: .note) }
    }
}

/// The last row: the keys that do something here and now.
enum FooterView {
    static func draw(_ model: Model, _ rect: Rect, on canvas: inout Canvas) {
        let bindings = hints(model)
        // Help and quit are always there, at the right.
        let pinned = bindings.filter { ($0.rank ?? 0) < 10 }
        let right = canvas.writeRight(line(pinned), endX: rect.endX - 1, y: rect.y, width: rect.width - 2)
        let rest = drawRow(
            bindings.filter { ($0.rank ?? 0) >= 10 }, Rect(x: 1, y: rect.y, width: right - 3, height: 1), on: &canvas)
        // While there is no message, its row shows more of them.
        guard !rest.isEmpty, model.popups.isEmpty, StatusView.isEmpty(model) else { return }
        _ = drawRow(rest, Rect(x: 1, y: rect.y - 1, width: rect.width - 2, height: 1), on: &canvas)
    }

    /// Draws the hints that fit and returns the others.
    private static func drawRow(_ bindings: [KeyBinding], _ rect: Rect, on canvas: inout Canvas) -> [KeyBinding] {
        var column = rect.x
        var rest: [KeyBinding] = []
        for binding in bindings {
            let hint = line([binding])
            let width = hint.spans.reduce(0) { $0 + DisplayWidth.columns(of: canvas.drawable($1.text)) }
            guard rest.isEmpty, column + width <= rect.endX else {
                rest.append(binding)
                continue
            }
            canvas.write(hint, x: column, y: rect.y, width: width)
            column += width + 2
        }
        return rest
    }

    /// The rows of the key table that the footer may show, the most useful first.
    static func hints(_ model: Model) -> [KeyBinding] {
        let scope = model.keyScope
        return ([scope] + scope.fallbacks).flatMap(KeyTable.bindings(in:))
            .filter { binding in
                guard binding.rank != nil, let key = binding.keys.first else { return false }
                // Not what the key means in a scope that this one goes before.
                return KeyTable.binding(key, in: scope)?.action == binding.action
                    && model.obstacle(binding.action) == nil
            }
            .enumerated()
            .sorted { ($0.element.rank ?? 0, $0.offset) < ($1.element.rank ?? 0, $1.offset) }
            .map(\.element)
    }

    private static func line(_ bindings: [KeyBinding]) -> Line {
        Line(
            bindings.enumerated().flatMap { index, binding in
                [Span((index == 0 ? "" : "  ") + binding.label, Look.key), Span(" " + binding.hint, Look.dim)]
            })
    }
}
