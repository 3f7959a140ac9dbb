#include "config/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/try.hpp"
#include "core/url.hpp"

namespace hearth::config {
namespace {

Error must_be(const std::string& what, std::string hint = "") {
    return Error{Remedy::usage, "must be " + what, std::move(hint)};
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string number_text(double number) { return fmt::format("{}", number); }

// Levenshtein's distance.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row.front();
        row.front() = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const auto replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

Value typed(Form form, std::string_view text) {
    if (form == Form::number) {
        double number = 0;
        const auto [last, problem] =
            std::from_chars(text.data(), text.data() + text.size(), number);
        if (problem == std::errc() && last == text.data() + text.size()) return number;
    }
    if (form != Form::list) return std::string(text);
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::string shown(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
    return fmt::format("{}", fmt::join(std::get<std::vector<std::string>>(value), " "));
}

Result<std::string> as_text(const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return std::unexpected(must_be("a text in quotes"));
    if (!std::ranges::any_of(*text, is_control)) return *text;
    return std::unexpected(must_be("a text without control characters"));
}

Result<std::string> as_url(const Value& value) {
    auto text = HEARTH_TRY(as_text(value));
    if (text.empty()) return text;
    const auto url = Url::parse(text);
    if (!url)
        return std::unexpected(Error{Remedy::usage, "is " + url.error().what, url.error().hint});
    if (url->secure() || url->loopback()) return text;
    return std::unexpected(
        must_be("an https URL", "plain http is accepted for 127.0.0.1, [::1] and localhost alone"));
}

Result<std::string> as_path(const Value& value) {
    auto text = HEARTH_TRY(as_text(value));
    if (text.starts_with('/')) return text;
    return std::unexpected(must_be("an absolute path", "programs read it from other folders"));
}

Result<Span> as_span(const Value& value) {
    Span span{};
    if (const auto* seconds = std::get_if<double>(&value)) {
        const bool fits = *seconds >= 0 && *seconds < 1e9;
        if (fits) span = Span(std::llround(*seconds * 1000));
    } else {
        const auto text = HEARTH_TRY(as_text(value));
        const auto parsed = parse_span(text);
        if (parsed) span = *parsed;
    }
    if (span > Span{}) return span;
    return std::unexpected(
        must_be("a span of time", "such as 90s, 5m, 1h30m, or a number of seconds"));
}

Result<double> as_number(const Value& value, double least, double most) {
    const auto* number = std::get_if<double>(&value);
    if (number != nullptr && *number >= least && *number <= most) return *number;
    return std::unexpected(
        must_be(fmt::format("a number from {} to {}", number_text(least), number_text(most))));
}

Result<std::int64_t> as_integer(const Value& value, std::int64_t least, std::int64_t most) {
    const auto* number = std::get_if<double>(&value);
    const bool fits = number != nullptr && *number >= static_cast<double>(least) &&
                      *number <= static_cast<double>(most) && std::trunc(*number) == *number;
    if (fits) return static_cast<std::int64_t>(*number);
    return std::unexpected(must_be(fmt::format("a whole number from {} to {}", least, most)));
}

Result<std::vector<std::string>> as_list(const Value& value) {
    if (std::holds_alternative<double>(value)) {
        return std::unexpected(must_be("a list of texts, or one text with spaces between them"));
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        return std::get<std::vector<std::string>>(typed(Form::list, *text));
    }
    return std::get<std::vector<std::string>>(value);
}

Result<std::string> as_choice(const Value& value, const std::vector<std::string_view>& choices) {
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr && std::ranges::find(choices, *text) != choices.end()) return *text;
    return std::unexpected(must_be(fmt::format("one of {}", fmt::join(choices, ", "))));
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    std::string_view best;
    // Beyond a third of the word it is another word.
    auto least = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto candidate : candidates) {
        const auto steps = distance(word, candidate);
        if (steps < least) {
            least = steps;
            best = candidate;
        }
    }
    return best;
}

}  // namespace hearth::config
