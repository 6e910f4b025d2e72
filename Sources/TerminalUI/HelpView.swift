import TerminalFrame

/// All keys, found by typing.
enum HelpView {
    private static func rect(_ model: Model) -> Rect {
        let width = min(90, model.size.columns - 2)
        return Rect(x: (model.size.columns - width) / 2, y: 1, width: width, height: model.size.rows - 3)
    }

    static func rows(_ model: Model) -> Int { max(1, rect(model).height - 4) }

    private enum Row {
        case heading(String)
        case binding(KeyBinding, index: Int)
        case sign(String, String)
    }

    static func draw(_ help: HelpList, _ model: Model, on canvas: inout Canvas) {
        let inside = canvas.popup(rect(model), title: help.isPalette ? "Find a command" : "Keys")
        canvas.write("find", x: inside.x, y: inside.y, style: Look.strong, width: 4)
        let field = Rect(x: inside.x + 6, y: inside.y, width: min(40, inside.width - 6), height: 1)
        TextInputView.draw(help.query, masked: false, isFocused: true, field, on: &canvas)
        let bindings = help.bindings
        let selected = min(help.selected, max(0, bindings.count - 1))
        let isTyped = help.typedCommand != nil
        let words = help.isPalette ? help.words : []
        let count =
            isTyped
            ? "Enter does it"
            : bindings.isEmpty
                ? words.first.map { "type the \($0.argument)" } ?? "nothing found"
                : "\(selected + 1) of \(bindings.count)"
        canvas.writeRight(Line(count, Look.dim), endX: inside.endX, y: inside.y, width: 16)
        let list = inside.inset(top: 2)
        var rows = rows(bindings)
        if help.query.isEmpty, !help.isPalette { rows += signs(canvas.glyphs) }
        rows += words.map { .sign("\($0.word) \($0.argument)", $0.text) }
        let at = rows.firstIndex { if case .binding(_, selected) = $0 { true } else { false } } ?? 0
        let first = max(0, min(at - list.height / 2, rows.count - list.height))
        for (offset, row) in rows[first...].prefix(list.height).enumerated() {
            let y = list.y + offset
            switch row {
            case .heading(let text): canvas.write(text, x: list.x, y: y, style: Look.heading, width: list.width)
            case .sign(let sign, let text):
                canvas.write(sign, x: list.x + 2, y: y, style: Look.key, width: 10)
                canvas.write(text, x: list.x + 13, y: y, width: list.width - 13)
            case .binding(let binding, let index):
                draw(
                    binding, model, isSelected: index == selected,
                    Rect(x: list.x, y: y, width: list.width, height: 1), on: &canvas)
            }
        }
    }

    private static func rows(_ bindings: [KeyBinding]) -> [Row] {
        var rows: [Row] = []
        var scope: KeyScope?
        for (index, binding) in bindings.enumerated() {
            if binding.scope != scope { rows.append(.heading(binding.scope.title)) }
            scope = binding.scope
            rows.append(.binding(binding, index: index))
        }
        return rows
    }

    /// What the signs of the panes and of the timeline mean; few enough to be seen below the last key.
    private static func signs(_ glyphs: Glyphs) -> [Row] {
        [
            .heading("Signs"),
            .sign("\(glyphs.filledCircle) \(glyphs.hollowCircle)", "online; logged out"),
            .sign("\(glyphs.halfCircle) \(glyphs.failure)", "on its way or waiting; stopped for good"),
            .sign("\(glyphs.warning)", "beside a device: its network does not pass everything"),
            .sign("\(glyphs.arrowRight) \(glyphs.arrowLeft)", "sent: request or frame; received: answer or frame"),
            .sign("\(glyphs.arrowUp) \(glyphs.filledCircle)", "callback of the SDK to the app; a state changed"),
            .sign("\(glyphs.marker) \(glyphs.hollowCircle)", "asked for by the user or the system; a timer"),
            .sign("\(glyphs.bullet) \(glyphs.warning)", "connection or token store; remark or misuse"),
        ]
    }

    private static func draw(
        _ binding: KeyBinding, _ model: Model, isSelected: Bool, _ row: Rect, on canvas: inout Canvas
    ) {
        let isOpen = model.obstacle(binding.action) == nil
        canvas.write(isSelected ? canvas.glyphs.marker : " ", x: row.x, y: row.y, style: Look.heading, width: 1)
        canvas.write(binding.label, x: row.x + 2, y: row.y, style: isOpen ? Look.key : Look.dim, width: 10)
        canvas.write(
            binding.help, x: row.x + 13, y: row.y, style: isOpen ? Look.plain : Look.dim, width: row.width - 13)
        guard isSelected else { return }
        canvas.frame.restyle(row) { style in
            style.isReversed = true
            style.isDim = false
        }
    }
}
