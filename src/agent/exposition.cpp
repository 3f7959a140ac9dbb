#include "agent/exposition.hpp"

namespace hearth::agent {
namespace {

// A quotation mark ends a label's value; in a help text it is a character like any other.
enum class Quotes : std::uint8_t { plain, escaped };

void append(std::string& text, std::string_view piece, Quotes quotes) {
    for (const char c : piece) {
        if (c == '\n') {
            text += "\\n";
            continue;
        }
        if (c == '\\' || (c == '"' && quotes == Quotes::escaped)) text += '\\';
        text += c;
    }
}

}  // namespace

void Exposition::metric(std::string_view name, Type type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ");
    append(text_, help, Quotes::plain);
    text_.append("\n# TYPE ").append(name);
    text_.append(type == Type::counter ? " counter\n" : " gauge\n");
}

void Exposition::sample(std::initializer_list<Label> labels, std::uint64_t value) {
    line(labels, std::to_string(value));
}

void Exposition::sample(std::initializer_list<Label> labels, std::int64_t value) {
    line(labels, std::to_string(value));
}

void Exposition::line(std::initializer_list<Label> labels, std::string_view value) {
    text_ += name_;
    char before = '{';
    for (const auto& label : labels) {
        (text_ += before).append(label.name).append("=\"");
        append(text_, label.value, Quotes::escaped);
        text_ += '"';
        before = ',';
    }
    text_.append(labels.size() == 0 ? " " : "} ").append(value).append("\n");
}

}  // namespace hearth::agent
