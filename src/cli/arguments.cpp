#include "cli/arguments.hpp"

#include <algorithm>

namespace hearth::cli {
namespace {

std::unexpected<Error> wrong(std::string what) {
    return std::unexpected(Error{Remedy::usage, std::move(what), ""});
}

const Option* find(const Grammar& grammar, std::string_view name) noexcept {
    if (name == "-h" || name == help_option.name) return &help_option;
    if (name == non_interactive_option.name) return &non_interactive_option;
    const auto found = std::ranges::find(grammar.options, name, &Option::name);
    return found == grammar.options.end() ? nullptr : &*found;
}

}  // namespace

Result<Arguments> Arguments::parse(const Grammar& grammar, Words words) {
    Arguments arguments;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto word = words[i];
        if (word == "--") {
            arguments.dashes_ = arguments.operands_.size();
            arguments.operands_.insert(arguments.operands_.end(),
                                       words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                       words.end());
            break;
        }
        if (!word.starts_with('-') || word == "-") {
            arguments.operands_.push_back(word);
            continue;
        }
        const auto equals = word.find('=');
        const auto* option = find(grammar, word.substr(0, equals));
        if (option == nullptr)
            return wrong("there is no option " + std::string(word.substr(0, equals)) + " here");
        const bool attached = equals != std::string_view::npos;
        if (option->value.empty()) {
            if (attached) return wrong(std::string(option->name) + " takes no value");
            arguments.given_.push_back({.option = option->name, .value = {}});
        } else if (attached) {
            arguments.given_.push_back({.option = option->name, .value = word.substr(equals + 1)});
        } else {
            if (++i == words.size())
                return wrong(std::string(option->name) +
                             " needs a value: " + std::string(option->value));
            arguments.given_.push_back({.option = option->name, .value = words[i]});
        }
    }
    if (arguments.has(help_option.name)) return arguments;
    if (arguments.operands_.size() < grammar.least)
        return wrong("too little is given; needed: " + std::string(grammar.operands));
    if (arguments.operands_.size() > grammar.most)
        return wrong("too much is given: '" + std::string(arguments.operands_[grammar.most]) + "'");
    return arguments;
}

bool Arguments::has(std::string_view option) const noexcept {
    return std::ranges::find(given_, option, &Given::option) != given_.end();
}

std::optional<std::string_view> Arguments::value(std::string_view option) const noexcept {
    std::optional<std::string_view> last;
    for (const auto& given : given_) {
        if (given.option == option) last = given.value;
    }
    return last;
}

std::vector<std::string_view> Arguments::values(std::string_view option) const {
    std::vector<std::string_view> all;
    for (const auto& given : given_) {
        if (given.option == option) all.push_back(given.value);
    }
    return all;
}

std::string_view Arguments::operand(std::size_t place) const noexcept {
    return place < operands_.size() ? operands_[place] : std::string_view();
}

}  // namespace hearth::cli
