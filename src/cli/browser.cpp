#include "cli/browser.hpp"

#include <algorithm>

#include "cli/spawn.hpp"

namespace hearth::cli {
namespace {

// Splits a list of commands into words, the way a shell would without expanding anything.
class Splitter {
  public:
    std::vector<BrowserCommand> split(std::string_view list) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            const char c = list[i];
            const bool bare = quote_ == '\0';
            if (!bare && c == quote_) {
                quote_ = '\0';
            } else if (c == '\\' && quote_ != '\'' && i + 1 < list.size()) {
                add(list[++i]);
            } else if (bare && (c == '\'' || c == '"')) {
                quote_ = c;
                in_word_ = true;
            } else if (bare && c == ':') {
                end_command();
            } else if (bare && (c == ' ' || c == '\t')) {
                end_word();
            } else {
                add(c);
            }
        }
        end_command();
        return std::move(commands_);
    }

  private:
    void add(char c) {
        word_ += c;
        in_word_ = true;
    }
    void end_word() {
        if (in_word_) command_.push_back(std::move(word_));
        word_.clear();
        in_word_ = false;
    }
    void end_command() {
        end_word();
        if (!command_.empty()) commands_.push_back(std::move(command_));
        command_.clear();
    }

    std::vector<BrowserCommand> commands_;
    BrowserCommand command_;
    std::string word_;
    bool in_word_ = false;
    char quote_ = '\0';
};

// True when the address was put in.
bool expand(std::string& word, std::string_view url) {
    std::string expanded;
    bool put_in = false;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const auto next = i + 1 < word.size() ? word[i + 1] : '\0';
        if (word[i] == '%' && next == 's') {
            expanded += url;
            put_in = true;
            ++i;
        } else {
            if (word[i] == '%' && next == '%') ++i;
            expanded += word[i];
        }
    }
    word = std::move(expanded);
    return put_in;
}

}  // namespace

std::vector<BrowserCommand> browser_commands(std::string_view browser, std::string_view url) {
    auto commands = Splitter().split(browser);
    for (auto& command : commands) {
        bool put_in = false;
        // The program itself is never made of the address.
        for (std::size_t i = 1; i < command.size(); ++i) put_in = expand(command[i], url) || put_in;
        if (!put_in) command.emplace_back(url);
    }
    return commands;
}

bool is_web_address(std::string_view url) noexcept {
    if (!url.starts_with("https://") && !url.starts_with("http://")) return false;
    return std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7F'; });
}

bool open_browser(const Environment& environment, std::string_view url, Opener opener) {
    if (!is_web_address(url)) return false;
    const auto browser = environment("BROWSER");
    auto commands = browser_commands(browser.value_or(""), url);
    if (commands.empty() && opener == Opener::desktop)
        commands = {{"xdg-open", std::string(url)}, {"open", std::string(url)}};
    return std::ranges::any_of(commands, [](BrowserCommand& command) {
        return start({.words = std::move(command)}).has_value();
    });
}

}  // namespace hearth::cli
