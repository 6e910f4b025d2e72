import LoginCore
import Providers
import TerminalFrame

/// An entry laid open: who, what, all fields, the rules they name, the chain of causes, what it caused.
enum EntryView {
    private static func rect(_ model: Model) -> Rect {
        Rect(x: 1, y: 1, width: min(100, model.size.columns - 2), height: model.size.rows - 3)
    }

    static func rows(_ model: Model) -> Int { max(1, rect(model).height - 2) }
    static func width(_ model: Model) -> Int { max(1, rect(model).width - 4) }

    static func draw(_ inspection: Inspection, _ model: Model, on canvas: inout Canvas) {
        let inside = canvas.popup(rect(model), title: "\(inspection.id): \(inspection.entry.kind.word)")
        let lines = lines(inspection, model, width: inside.width, spell: canvas.drawable, glyphs: canvas.glyphs)
        let first = max(0, min(inspection.scroll, lines.count - inside.height))
        canvas.write(Array(lines[first...]), in: inside)
        let below = lines.count - first - inside.height
        if below > 0 {
            canvas.writeRight(
                Line(" \(below) more \(canvas.glyphs.arrowDown) ", Look.busy), endX: rect(model).endX - 2,
                y: rect(model).endY - 1, width: 20)
        }
    }

    static func lines(
        _ inspection: Inspection, _ model: Model, width: Int, spell: (String) -> String = { $0 },
        glyphs: Glyphs = .unicode
    ) -> [Line] {
        let entry = inspection.entry
        func wrapped(_ text: String, label: String, _ style: Style = .plain) -> [Line] {
            let padded = label + String(repeating: " ", count: max(1, labelWidth - DisplayWidth.columns(of: label)))
            let indent = String(repeating: " ", count: DisplayWidth.columns(of: padded))
            let rows = Wrap.rows(spell(text), width: max(8, width - indent.count))
            return (rows.isEmpty ? [""] : rows).enumerated().map { index, row in
                Line(Span(index == 0 ? padded : indent, Look.dim), Span(row, style))
            }
        }
        var lines = wrapped(entry.title, label: "what", Look.strong)
        lines += wrapped("\(FieldText.timeOfDay(entry.at)) UTC", label: "when")
        lines += wrapped(
            "\(entry.owner.word), in the lane of \(entry.lane)", label: "who", TimelineView.look(entry.owner))
        if !entry.fields.isEmpty { lines += [Line(""), Line("Fields", Look.heading)] }
        for field in entry.fields {
            lines += wrapped(FieldText.text(field.value), label: DisplayWidth.clip(spell(field.name), to: 16))
        }
        for case .rule(let id) in entry.fields.map(\.value) { lines += rule(id, model, wrapped) }
        lines += causes(entry, model, glyphs, width, spell)
        return lines
    }

    private static let labelWidth = 12

    private static func rule(
        _ id: RuleID, _ model: Model, _ wrapped: (String, String, Style) -> [Line]
    ) -> [Line] {
        var lines = [Line(""), Line("Rule \(id)", Look.heading)]
        guard let rule = ProviderRegistry.rule(id) else {
            return lines + wrapped("not in a provider's table", "text", Look.dim)
        }
        lines += wrapped(rule.text, "text", Look.plain)
        lines += wrapped("\(rule.tag.rawValue), \(rule.tag.explanation)", "known from", Look.plain)
        lines += wrapped(rule.source, "source", Look.plain)
        return lines
    }

    private static func causes(
        _ entry: TranscriptEntry, _ model: Model, _ glyphs: Glyphs, _ width: Int, _ spell: (String) -> String
    ) -> [Line] {
        func row(_ other: TranscriptEntry, depth: Int, _ sign: String, _ style: Style = .plain) -> Line {
            Line(
                Span(String(repeating: "  ", count: min(depth, 10)) + sign + " ", Look.dim),
                Span("\(other.id) ", Look.dim), Span("\(other.owner.word) ", TimelineView.look(other.owner)),
                Span(other.title, style))
        }
        let (chain, missing) = model.timeline.causes(of: entry.id)
        var lines = [Line(""), Line("Why: from the first cause to this entry", Look.heading)]
        if let missing { lines.append(Line("\(missing), which the timeline does not hold", Look.dim)) }
        let ordered = Array(chain.reversed())
        for (depth, cause) in ordered.enumerated() { lines.append(row(cause, depth: depth, glyphs.bullet)) }
        lines.append(row(entry, depth: ordered.count, glyphs.marker, Look.strong))
        let effects = model.timeline.effects(of: entry.id)
        if !effects.isEmpty {
            lines += [Line(""), Line("What it caused", Look.heading)]
            lines += effects.map { row($0, depth: 0, glyphs.arrowRight) }
        }
        return lines
    }
}

extension RuleTag {
    /// What the tag says about where the rule comes from.
    var explanation: String {
        switch self {
        case .seed: "the provider's document the project began with"
        case .doc: "the provider's documentation"
        case .recorded: "real answers, recorded in public code"
        case .header: "the provider's public headers"
        case .inferred: "deduced, no source says it"
        case .ours: "the lab's own choice where sources are silent"
        }
    }
}
