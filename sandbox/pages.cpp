#include "sandbox/pages.hpp"

#include <fmt/format.h>

#include "sandbox/encoding.hpp"
#include "sandbox/scopes.hpp"

namespace hearth::sandbox {

namespace {

constexpr std::string_view style = R"(
:root{color-scheme:light dark;--ink:#1d2330;--soft:#5a6375;--paper:#fff;--ground:#f1f2f6;--line:#d5d9e2;--fire:#b4430d}
@media(prefers-color-scheme:dark){:root{--ink:#eceef3;--soft:#a9b1c1;--paper:#1c212b;--ground:#11141a;--line:#39414f;--fire:#ff9a62}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--ground);color:var(--ink);
font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{width:100%;max-width:27rem;background:var(--paper);border:1px solid var(--line);border-top:4px solid var(--fire);
border-radius:14px;padding:2rem;box-shadow:0 12px 36px #0000001a}
h1{font-size:1.4rem;line-height:1.25;margin:0 0 .5rem}
p{margin:.5rem 0}ul{margin:.75rem 0 1.25rem;padding-left:1.25rem}li{margin:.3rem 0}
.soft{color:var(--soft);font-size:.9rem}.badge{color:var(--fire);font-weight:600;font-size:.8rem;letter-spacing:.04em;margin:0 0 .75rem}
label{display:block;font-weight:600;margin:1rem 0 .3rem}
input{width:100%;font:inherit;padding:.6rem .75rem;color:inherit;background:var(--ground);border:1px solid var(--soft);border-radius:8px}
.row{display:flex;gap:.75rem;margin-top:1.5rem}
button{flex:1;font:inherit;font-weight:600;padding:.7rem 1rem;border-radius:8px;border:1px solid var(--soft);
background:transparent;color:inherit;cursor:pointer}
button.yes{background:var(--fire);border-color:var(--fire);color:var(--paper)}
:focus-visible{outline:3px solid var(--fire);outline-offset:2px}
code,.code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.code{display:block;user-select:all;padding:.9rem;margin:1rem 0;background:var(--ground);border:1px dashed var(--soft);border-radius:8px}
.big{font-size:1.5rem;letter-spacing:.12em;text-align:center}.wrong{color:var(--fire);font-weight:600}
)";

std::string page(std::string_view title, std::string_view content) {
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        "<title>{0} – hearth sandbox</title><style>{1}</style></head>\n"
        "<body><main><p class=\"badge\">HEARTH "
        "SANDBOX</p><h1>{0}</h1>\n{2}\n</main></body></html>\n",
        escape_html(title), style, content);
}

std::string list_of_scopes(const ConsentPage& consent) {
    std::string items;
    for (const auto& scope : consent.scopes)
        items += fmt::format("<li>{} <span class=\"soft\">({})</span></li>",
                             escape_html(explained(scope)), escape_html(scope));
    for (const auto& resource : consent.resources)
        items += fmt::format("<li>Use <code>{}</code></li>", escape_html(resource));
    return items;
}

}  // namespace

std::string consent_page(const ConsentPage& consent) {
    std::string content = fmt::format(
        "<p><strong>{}</strong> <span class=\"soft\">({})</span> would like to:</p><ul>{}</ul>",
        escape_html(consent.client_name), escape_html(consent.client_id), list_of_scopes(consent));
    if (!consent.user_code.empty()) {
        content += fmt::format(
            "<p>Go on only if the device in front of you shows this code:</p><p class=\"code "
            "big\">{}</p>",
            escape_html(consent.user_code));
    }
    content += fmt::format(
        "<form method=\"post\" action=\"/consent\"><input type=\"hidden\" name=\"ticket\" "
        "value=\"{}\">"
        "<label for=\"username\">User name</label>"
        "<input id=\"username\" name=\"username\" value=\"{}\" autocomplete=\"username\" required "
        "maxlength=\"100\" "
        "aria-describedby=\"about\">"
        "<p class=\"soft\" id=\"about\">Any name will do: there are no passwords here, and no real "
        "accounts.</p>"
        "<div class=\"row\"><button class=\"yes\" name=\"decision\" value=\"allow\">Allow</button>"
        "<button name=\"decision\" value=\"deny\" formnovalidate>Deny</button></div></form>",
        escape_html(consent.ticket), escape_html(consent.username));
    return page("Sign in to " + consent.client_name, content);
}

std::string code_entry_page(std::string_view user_code, std::string_view complaint) {
    std::string content = "<p>A device wants to sign in. Type the code that it shows.</p>";
    if (!complaint.empty())
        content += fmt::format(R"(<p class="wrong" role="alert">{}</p>)", escape_html(complaint));
    content += fmt::format(
        "<form method=\"post\" action=\"/device\"><label for=\"user_code\">Code</label>"
        "<input class=\"big\" id=\"user_code\" name=\"user_code\" value=\"{}\" "
        "autocomplete=\"off\" autocapitalize=\"characters\" "
        "spellcheck=\"false\" placeholder=\"XXXX-XXXX\" required autofocus>"
        "<div class=\"row\"><button class=\"yes\">Continue</button></div></form>",
        escape_html(user_code));
    return page("Connect a device", content);
}

std::string paste_page(std::string_view code) {
    return page(
        "Copy this code",
        fmt::format(
            "<p>Paste it where your program asks for it. It can be used once, within a minute.</p>"
            "<p class=\"code\" id=\"code\">{}</p>",
            escape_html(code)));
}

std::string message_page(std::string_view title, std::string_view text) {
    return page(title, fmt::format("<p>{}</p>", escape_html(text)));
}

std::string home_page(std::string_view origin) {
    return page(
        "A private cloud to sign in to",
        fmt::format("<p>This authorization server lives on this machine alone. Its accounts, "
                    "tokens and models "
                    "are made up.</p><ul>"
                    "<li>Issuer: <code>{0}</code></li>"
                    "<li><a href=\"/.well-known/openid-configuration\">What it can do</a></li>"
                    "<li><a href=\"/device\">Connect a device</a></li>"
                    "<li><a href=\"/_sandbox/records\">What happened so far</a></li></ul>"
                    "<p class=\"soft\">Clients: <code>sandbox</code> (public) and "
                    "<code>sandbox-secret</code>.</p>",
                    escape_html(origin)));
}

}  // namespace hearth::sandbox
