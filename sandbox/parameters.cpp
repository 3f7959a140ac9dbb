#include "sandbox/parameters.hpp"

#include <algorithm>

#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

std::optional<Parameters> Parameters::parse(std::string_view encoded) {
    Parameters parameters;
    while (!encoded.empty()) {
        const auto end = std::min(encoded.find('&'), encoded.size());
        const auto pair = encoded.substr(0, end);
        encoded.remove_prefix(std::min(end + 1, encoded.size()));
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = form_decode(pair.substr(0, equals));
        auto value = form_decode(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value) return std::nullopt;
        parameters.add(std::move(*name), std::move(*value));
    }
    return parameters;
}

void Parameters::add(std::string name, std::string value) {
    if (!value.empty()) pairs_.emplace_back(std::move(name), std::move(value));
}

std::string Parameters::one(std::string_view name) const {
    const auto found = std::ranges::find(
        pairs_, name, [](const auto& pair) { return std::string_view(pair.first); });
    return found == pairs_.end() ? std::string() : found->second;
}

std::vector<std::string> Parameters::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : pairs_)
        if (key == name) values.push_back(value);
    return values;
}

std::optional<std::string> Parameters::doubled() const {
    for (const auto& [name, value] : pairs_)
        if (name != "resource" && all(name).size() > 1) return name;
    return std::nullopt;
}

std::string to_query(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::string query;
    for (const auto& [name, value] : pairs) {
        if (value.empty()) continue;
        if (!query.empty()) query += '&';
        query += percent_encode(name) + '=' + percent_encode(value);
    }
    return query;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!word.empty() && !holds(words, word)) words.emplace_back(word);
    }
    return words;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

bool holds(const std::vector<std::string>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace hearth::sandbox
