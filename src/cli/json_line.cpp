#include "cli/json_line.hpp"

#include <array>

namespace hearth::cli {
namespace {

// RFC 8259 section 7. Bytes that are not ASCII pass as they are: command lines are UTF-8 here.
void quote(std::string_view text, auto& sink) {
    static constexpr std::string_view digits = "0123456789abcdef";
    sink.append(std::string_view("\""));
    while (!text.empty()) {
        std::size_t size = 0;
        while (size < text.size() && static_cast<unsigned char>(text[size]) >= 0x20 &&
               text[size] != '"' && text[size] != '\\')
            ++size;
        if (size > 0) sink.append(text.substr(0, size));
        text.remove_prefix(size);
        if (text.empty()) break;
        const auto c = static_cast<unsigned char>(text.front());
        const std::array escape{'\\', 'u', '0', '0', digits[c >> 4U], digits[c & 15U]};
        sink.append(std::string_view(escape.data(), escape.size()));
        text.remove_prefix(1);
    }
    sink.append(std::string_view("\""));
}

}  // namespace

void append_quoted(SecretBuilder& sink, std::string_view text) { quote(text, sink); }

void JsonLine::begin(std::string_view name) {
    if (head_.size() > 1) head_ += ',';
    quote(name, head_);
    head_ += ':';
}

JsonLine& JsonLine::text(std::string_view name, std::string_view value) {
    begin(name);
    quote(value, head_);
    return *this;
}

JsonLine& JsonLine::number(std::string_view name, std::int64_t value) {
    begin(name);
    head_ += std::to_string(value);
    return *this;
}

JsonLine& JsonLine::flag(std::string_view name, bool value) {
    begin(name);
    head_ += value ? "true" : "false";
    return *this;
}

JsonLine& JsonLine::json(std::string_view name, std::string_view value) {
    begin(name);
    head_ += value;
    return *this;
}

JsonLine& JsonLine::pairs(std::string_view name,
                          const std::vector<std::pair<std::string, std::string>>& values) {
    begin(name);
    head_ += '[';
    for (const auto& [key, value] : values) {
        if (head_.back() != '[') head_ += ',';
        head_ += '[';
        quote(key, head_);
        head_ += ',';
        quote(value, head_);
        head_ += ']';
    }
    head_ += ']';
    return *this;
}

JsonLine& JsonLine::secret(std::string_view name, const Secret& value) {
    SecretBuilder written;
    if (!tail_.empty()) written.append(tail_.reveal().substr(0, tail_.size() - 2));
    if (head_.size() > 1 || !tail_.empty()) written.append(",");
    quote(name, written);
    written.append(":");
    quote(value.reveal(), written);
    written.append("}\n");
    tail_ = written.take();
    return *this;
}

}  // namespace hearth::cli
