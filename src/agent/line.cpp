#include "agent/line.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace hearth::agent {
namespace {

bool plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7F && c != '"' && c != '\\';
}

}  // namespace

void Line::quote(std::string_view text) {
    text_.append("\"");
    while (!text.empty()) {
        std::size_t run = 0;
        while (run < text.size() && plain(text[run])) ++run;
        text_.append(text.substr(0, run));
        text.remove_prefix(run);
        if (text.empty()) break;
        std::array<char, 8> escape{};
        (void)std::snprintf(escape.data(), escape.size(), "\\u%04x",
                            static_cast<unsigned>(static_cast<unsigned char>(text.front())));
        text_.append(escape.data());
        text.remove_prefix(1);
    }
    text_.append("\"");
}

void Line::name(std::string_view name) {
    if (!std::exchange(first_, false)) text_.append(",");
    if (closers_.back() != '}') return;
    quote(name);
    text_.append(":");
}

Line& Line::text(std::string_view name, std::string_view value) {
    this->name(name);
    quote(value);
    return *this;
}

Line& Line::text_or_null(std::string_view name, std::string_view value) {
    return value.empty() ? nothing(name) : text(name, value);
}

Line& Line::number(std::string_view name, std::int64_t value) {
    this->name(name);
    text_.append(std::to_string(value));
    return *this;
}

Line& Line::flag(std::string_view name, bool value) {
    this->name(name);
    text_.append(value ? "true" : "false");
    return *this;
}

Line& Line::nothing(std::string_view name) {
    this->name(name);
    text_.append("null");
    return *this;
}

Line& Line::instant(std::string_view name, std::optional<Instant> value) {
    return value ? text(name, to_rfc3339(*value)) : nothing(name);
}

Line& Line::seconds(std::string_view name, std::optional<Span> value) {
    if (!value) return nothing(name);
    return number(name, std::chrono::floor<std::chrono::seconds>(*value).count());
}

Line& Line::object(std::string_view name) {
    this->name(name);
    text_.append("{");
    closers_.push_back('}');
    first_ = true;
    return *this;
}

Line& Line::list(std::string_view name) {
    this->name(name);
    text_.append("[");
    closers_.push_back(']');
    first_ = true;
    return *this;
}

Line& Line::pair(std::string_view first, std::string_view second) {
    return list({}).text({}, first).text({}, second).close();
}

Line& Line::close() {
    text_.append({&closers_.back(), 1});
    closers_.pop_back();
    first_ = false;
    return *this;
}

Secret Line::take() {
    while (!closers_.empty()) close();
    text_.append("\n");
    return text_.take();
}

Secret error_line(const Error& error, std::string_view needs) {
    Line line;
    line.object("error").text("remedy", to_string(error.remedy)).text("what", error.what);
    line.text("hint", error.hint);
    if (!needs.empty()) line.text("needs", needs);
    return line.take();
}

}  // namespace hearth::agent
