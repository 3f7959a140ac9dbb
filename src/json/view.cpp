#include "json/view.hpp"

#include <charconv>
#include <cstddef>

namespace hearth::json {
namespace {

constexpr int deepest = 32;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

int hex_digit(char c) noexcept {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Walks over JSON (RFC 8259) from the front; every step is false for what is not JSON.
class Scanner {
  public:
    explicit Scanner(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    [[nodiscard]] bool done() const noexcept { return rest_.empty(); }

    void space() noexcept {
        const auto end = rest_.find_first_not_of(" \t\r\n");
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
    }
    bool take(char c) noexcept {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool value(int depth) noexcept {
        if (rest_.empty() || depth > deepest) return false;
        switch (rest_.front()) {
            case '{':
                return sequence('{', '}', depth, true);
            case '[':
                return sequence('[', ']', depth, false);
            case '"':
                return text();
            case 't':
                return word("true");
            case 'f':
                return word("false");
            case 'n':
                return word("null");
            default:
                return number();
        }
    }
    bool text() noexcept {
        if (!take('"')) return false;
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '"') return true;
            if (static_cast<unsigned char>(c) < 0x20) return false;
            if (c == '\\' && !escape()) return false;
        }
        return false;
    }

  private:
    bool word(std::string_view expected) noexcept {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }
    bool digits() noexcept {
        const auto size = rest_.find_first_not_of("0123456789");
        const auto count = size == std::string_view::npos ? rest_.size() : size;
        rest_.remove_prefix(count);
        return count > 0;
    }
    bool number() noexcept {
        take('-');
        if (!take('0') && !digits()) return false;
        if (take('.') && !digits()) return false;
        if (!take('e') && !take('E')) return true;
        if (!take('+')) take('-');
        return digits();
    }
    bool escape() noexcept {
        if (rest_.empty()) return false;
        const char c = rest_.front();
        rest_.remove_prefix(1);
        if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
        for (int i = 0; i < 4; ++i) {
            if (rest_.empty() || hex_digit(rest_.front()) < 0) return false;
            rest_.remove_prefix(1);
        }
        return true;
    }
    bool sequence(char open, char close, int depth, bool named) noexcept {
        take(open);
        space();
        if (take(close)) return true;
        do {
            space();
            if (named && !(text() && (space(), take(':')) && (space(), true))) return false;
            if (!value(depth + 1)) return false;
            space();
        } while (take(','));
        return take(close);
    }

    std::string_view rest_;
};

// Calls visit(name, value) for each entry of an object or a list that parse() has passed, until it
// returns false; names are as written, with their quotes, and empty within lists.
template <class Visit>
void each(std::string_view text, Visit visit) {
    if (!text.starts_with('{') && !text.starts_with('[')) return;
    const bool named = text.front() == '{';
    Scanner scan(text.substr(1));
    scan.space();
    while (!scan.done() && scan.rest().front() != '}' && scan.rest().front() != ']') {
        std::string_view name;
        if (named) {
            name = scan.rest();
            scan.text();
            name = name.substr(0, name.size() - scan.rest().size());
            scan.space();
            scan.take(':');
            scan.space();
        }
        const auto before = scan.rest();
        scan.value(0);
        if (!visit(name, before.substr(0, before.size() - scan.rest().size()))) return;
        scan.space();
        scan.take(',');
        scan.space();
    }
}

void append_utf8(char32_t code, auto& sink) {
    const auto byte = [&](char32_t value) {
        const char c = static_cast<char>(value);
        sink.append(std::string_view(&c, 1));
    };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0U | (code >> 6U));
        byte(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        byte(0xE0U | (code >> 12U));
        byte(0x80U | ((code >> 6U) & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    } else {
        byte(0xF0U | (code >> 18U));
        byte(0x80U | ((code >> 12U) & 0x3FU));
        byte(0x80U | ((code >> 6U) & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    }
}

// The four digits of \uXXXX, which are there.
char32_t unit(std::string_view digits) noexcept {
    char32_t value = 0;
    for (const char c : digits.substr(0, 4))
        value = (value << 4U) | static_cast<char32_t>(hex_digit(c));
    return value;
}

// Takes what follows "\u"; a lone surrogate becomes U+FFFD.
char32_t take_unicode(std::string_view& rest) noexcept {
    const auto high = unit(rest);
    rest.remove_prefix(4);
    if (high < 0xD800 || high > 0xDFFF) return high;
    if (high > 0xDBFF || !rest.starts_with("\\u")) return 0xFFFD;
    const auto low = unit(rest.substr(2));
    if (low < 0xDC00 || low > 0xDFFF) return 0xFFFD;
    rest.remove_prefix(6);
    return 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00);
}

char plain(char escape) noexcept {
    switch (escape) {
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return escape;
    }
}

// Hands the decoded text to sink.append, piece by piece; one piece where nothing is escaped.
void decode(std::string_view quoted, auto& sink) {
    auto rest = quoted.substr(1, quoted.size() - 2);
    while (!rest.empty()) {
        const auto size = std::min(rest.find('\\'), rest.size());
        if (size > 0) sink.append(rest.substr(0, size));
        rest.remove_prefix(size);
        if (rest.empty()) return;
        const char escape = rest[1];
        rest.remove_prefix(2);
        if (escape == 'u') {
            append_utf8(take_unicode(rest), sink);
        } else {
            const char c = plain(escape);
            sink.append(std::string_view(&c, 1));
        }
    }
}

}  // namespace

Result<View> View::parse(std::string_view text) {
    Scanner scan(text);
    scan.space();
    const auto before = scan.rest();
    const bool good = scan.value(0);
    const auto value = before.substr(0, before.size() - scan.rest().size());
    scan.space();
    if (!good || !scan.done()) return std::unexpected(Error{Remedy::failed, "not JSON", ""});
    return View(value);
}

View View::operator[](std::string_view name) const noexcept {
    View found;
    if (!is_object()) return found;
    each(text_, [&](std::string_view quoted, std::string_view value) {
        if (quoted.substr(1, quoted.size() - 2) != name) return true;
        found = View(value);
        return false;
    });
    return found;
}

std::vector<View::Member> View::members() const {
    std::vector<Member> all;
    if (!is_object()) return all;
    each(text_, [&](std::string_view quoted, std::string_view value) {
        all.push_back({.name = View(quoted).text(), .value = View(value)});
        return true;
    });
    return all;
}

std::vector<View> View::items() const {
    std::vector<View> all;
    if (!text_.starts_with('[')) return all;
    each(text_, [&](std::string_view /*name*/, std::string_view value) {
        all.push_back(View(value));
        return true;
    });
    return all;
}

std::string View::text() const {
    std::string decoded;
    if (is_text()) decode(text_, decoded);
    return decoded;
}

Secret View::secret() const {
    SecretBuilder decoded;
    if (is_text()) decode(text_, decoded);
    return decoded.take();
}

std::optional<std::int64_t> View::number() const noexcept {
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (problem != std::errc() || end == text_.data()) return std::nullopt;
    // Only its beginning stands before an exponent.
    if (text_.find_first_of("eE") != std::string_view::npos) return std::nullopt;
    return value;
}

}  // namespace hearth::json
