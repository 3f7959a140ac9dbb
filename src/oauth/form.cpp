#include "oauth/form.hpp"

#include <algorithm>
#include <array>

#include "core/try.hpp"

namespace hearth::oauth {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

bool unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

template <class Text>
void append_encoded(Text& out, std::string_view text) {
    for (const char& c : text) {
        if (unreserved(c)) {
            out.append(std::string_view(&c, 1));
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        const std::array escape{'%', digits[octet >> 4U], digits[octet & 15U]};
        out.append(std::string_view(escape.data(), escape.size()));
    }
}

Error broken() { return Error{Remedy::failed, "a query is not well formed", ""}; }

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

Result<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            if (i + 2 >= text.size()) return std::unexpected(broken());
            const int high = hex(text[i + 1]);
            const int low = hex(text[i + 2]);
            if (high < 0 || low < 0) return std::unexpected(broken());
            out += static_cast<char>((high << 4) | low);
            i += 2;
        }
    }
    return out;
}

}  // namespace

std::string form_encoded(std::string_view text) {
    std::string out;
    append_encoded(out, text);
    return out;
}

Form& Form::add(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    if (text_.size() > 0) text_.append("&");
    append_encoded(text_, name);
    text_.append("=");
    append_encoded(text_, value);
    return *this;
}

Form& Form::add(std::string_view name, const Secret& value) {
    if (value.empty()) return *this;
    secrets_.push_back(value.clone());
    return add(name, value.reveal());
}

Result<Query> Query::parse(std::string_view text) {
    Query query;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = HEARTH_TRY(decoded(pair.substr(0, equals)));
        auto value = HEARTH_TRY(decoded(pair.substr(std::min(equals + 1, pair.size()))));
        if (query.find(name) != nullptr) return std::unexpected(broken());
        query.parameters_.emplace_back(std::move(name), std::move(value));
    }
    return query;
}

const std::string* Query::find(std::string_view name) const noexcept {
    const auto found =
        std::ranges::find(parameters_, name, &std::pair<std::string, std::string>::first);
    return found == parameters_.end() ? nullptr : &found->second;
}

std::string Query::text(std::string_view name) const {
    const auto* const value = find(name);
    return value == nullptr ? std::string() : *value;
}

}  // namespace hearth::oauth
