## The frame of every page
platform-name = Đình
platform-tagline = The province's shared application platform
shell-skip = Skip to the main content
shell-account = My account
shell-inbox = Inbox
shell-delegations = Delegations
shell-sign-out = Sign out
shell-apps = Applications
shell-menu = Pages of the application
shell-tools = Account and language
shell-other-language = Tiếng Việt
shell-foot = Đình – one roof for the province's applications
shell-foot-evidence = Every action is recorded.
page-way-here = The way to this page
page-as-of = Figures as of { $moment }
link-leaves = (leaves the platform)
tabs-label = Related pages

## Signing in
sign-in-title = Sign in
sign-in-account = Sign-in name
sign-in-password = Password
sign-in-submit = Sign in
sign-in-help = Forgot the password, or locked out? Ask your unit's administrator.
sign-in-ended = Your session has ended. Please sign in again.
sign-in-code = Code
sign-in-code-help = The six digits that your phone shows, or a recovery code.
sign-in-needed = Please sign in to go on.
sign-in-signed-out = You have signed out.
sign-in-resume = What you just filled in is kept and will be shown again after you sign in.
resume-title = What you filled in is still here and has not been sent
resume-text = The earlier session ended before it was sent. Check it, then send it.
resume-others = What was filled in before belongs to another account and is not shown here.

## Launcher
launcher-title = Applications
launcher-hello = Hello, { $name }
launcher-waiting = Inbox: { $count } to decide
launcher-empty = You may not enter any application yet. Ask your unit's administrator.
launcher-none = No application is installed yet.
launcher-locked = No right yet
launcher-why = See why

## Own account
account-title = My account
account-details = Details
account-name = Full name
account-login = Sign-in name
account-unit = Unit
account-positions = Positions
account-clearance = Cleared up to
account-session = The session ends
account-rights = My rights
account-rights-help = The rights in force today. For more, ask whoever manages grants in your unit.
account-no-rights = You have no rights yet.
account-role = Role
account-scope = Scope
account-scope-own = own records only
account-label = Highest label
account-until = Until
account-until-none = No end
account-by = Comes by
account-by-person = given directly
account-by-position = position
account-change = Change the password
account-delegations = Lend rights, see all delegations
account-tab-self = About me and my rights
account-tab-sessions = Sessions
account-tab-tokens = Access tokens
account-tab-factor = Second factor
account-tab-history = Who was here
account-tab-acting = Acting for others
sessions-title = Where you are signed in
sessions-help = If you do not know one of them, end it and change your password at once.
sessions-kind = Kind
sessions-opened = Signed in
sessions-seen = Last used
sessions-expires = Ends at the latest
sessions-address = Network address
sessions-browser = Browser
sessions-program = Program
sessions-here = this one
sessions-end = End
sessions-end-others = End all others
sessions-ended = The session is over.
sessions-over = That session was over already.
sessions-others-ended = All other sessions are over.
tokens-title = Access tokens for programs
tokens-help = An access token lets a program act for you, within the scope you choose and never beyond your rights. It reaches neither administration nor this account.
tokens-none = You have no access token.
tokens-name = Name
tokens-name-help = What it is for, such as the name of the program.
tokens-name-missing = Give the access token a name.
tokens-scope = Scope
tokens-scope-missing = Choose one application or permission at least.
tokens-scope-unknown = There is no application or permission “{ $name }”.
tokens-whole = All of { $name }
tokens-some = Only some permissions of { $name }
tokens-read-only = reads only
tokens-read-only-choice = It may only read
tokens-expires = Ends
tokens-expires-help = At the end of this day; within 366 days from now.
tokens-expires-wrong = Choose the day on which it ends.
tokens-password-help = To make sure that it is you.
tokens-used = Last used
tokens-never = never
tokens-over = over
tokens-make-title = Make an access token
tokens-make = Make it
tokens-made = The access token is made
tokens-made-text = Copy it into the program now. It is shown this once.
tokens-revoke = Revoke
tokens-revoked = The access token is revoked.
token-beyond = Access tokens are for applications. For this you have to sign in yourself.
factor-title = Your second factor is on
factor-since = Since
factor-left = Recovery codes left
factor-enrol-title = Turn the second factor on
factor-must = Your role needs a second factor. Enrol your phone before you go on.
factor-help = Each time you sign in, a code of your phone is asked for besides the password.
factor-step-app = Open an authenticator on your phone (any that does TOTP codes).
factor-step-scan = Scan this QR code.
factor-qr = QR code to enrol a phone
factor-step-type = If you cannot scan it, type this key:
factor-step-code = Enter the six digits that the phone shows now, and your password.
factor-code = Code of the phone
factor-enrol = Turn it on
factor-enrolled = Your second factor is on. Your other sessions are over.
factor-codes-title = Recovery codes
factor-codes-help = Print or copy these and keep them safe. Each stands for the phone once. They are shown this once.
factor-codes-kept = I have kept them
factor-remove-title = Turn it off, or change the phone
factor-remove-help = Enter a code of the phone or a recovery code. If you have lost both, see the administrator of your unit in person.
factor-remove = Turn it off
factor-removed = Your second factor is off.
history-title = Who looked at my account or changed it
history-help = As the evidence has it, the newest first. What you did yourself is not shown.
history-none = Nobody so far.
history-at = When
history-who = Who
history-what = What
history-older = Older
history-by-nobody = Somebody not signed in
history-by-operator = The operator of the platform
history-on-behalf = { $name } (for { $lender })
history-account-created = Created the account
history-account-updated = Changed the account
history-account-suspended = Suspended the account
history-account-activated = Activated the account
history-account-released = Released the lock-out
history-password-set = Set the password
history-password-released = Released the password
history-factor-reset = Removed the second factor
history-sessions-ended = Ended sessions
history-session-refused = Failed to sign in
history-token-revoked = Revoked an access token
history-grant-given = Gave a grant
history-grant-withdrawn = Withdrew a grant
history-position-held = Gave a position
history-position-released = Took a position away
witness-title = Witness page of the evidence
witness-back = Evidence
witness-says = At { $at } the evidence of this platform had { $size } entries. The head below fixes every one of them: nobody, the operator included, can change, remove or put in any without being found out.
witness-qr = QR code of the head
witness-log = Log
witness-at = Made
witness-size = Entries
witness-root = Root
witness-fingerprint = Key fingerprint
witness-text = The signed head
witness-text-help = The QR code holds exactly this text. Nothing in it is confidential.
witness-key = The key to check it with
witness-check = How to keep and check it
witness-check-keep = Print this page, sign it, and keep it where the operator cannot reach it: with the minutes of a meeting, in another unit's files.
witness-check-scan = To check, scan the QR code and save the text into the file heads.txt. Compare the key fingerprint with the operator by telephone.
witness-check-verify = Have the operator export the evidence (dinh audit export), then run on a machine of your own:
witness-check-none = If it says “not as it was written”, the evidence was changed after this page was made.
witness-printed-by = Printed by, day, signature
witness-kept-by = Kept by, unit, signature
password-title = Change the password
password-first = Your password was set by somebody else. Change it before you go on.
password-current = Current password
password-temporary = The temporary password you just used
password-temporary-help = The one you have just signed in with; it is accepted until { $until }.
password-new = New password
password-new-help = At least { $shortest } characters; a short sentence is good. Not your name or that of your unit.
password-again = New password again
password-submit = Change the password
password-differs = The two new passwords are not the same.
password-current-missing = Enter the current password.
password-new-missing = Enter a new password.
password-done = The password is changed
password-done-text = Your other sessions have ended. Access tokens still work: if the password may have leaked, revoke them on the page of your account.

## Values
value-yes = Yes
value-no = No
value-none = None
value-file = File
value-file-gone = The file is gone, or is not for you to see
value-unit = Unit no. { $number }
value-account = Account no. { $number }
value-better = better
value-worse = worse

## Tables
table-rows = { $count ->
    [one] { $shown } row
   *[other] { $shown } rows
}
table-rows-of = { $shown } of { $total }
table-region = Table
table-select = Select
table-select-row = Select { $row }
table-bulk = With the selected rows:
table-pages = Parts of the table
table-first = To the beginning
table-next = Next
export-data = Export
export-excel = CSV for Excel
export-excel-help = semicolons, decimal comma
export-csv = Standard CSV
export-csv-help = RFC 4180, decimal point
export-pdf = PDF for printing
export-pdf-help = with letterhead and signatures; the whole table
print-menu = Print
print-page = Print this page
print-page-help = a PDF with letterhead and signatures
print-form-help = a PDF in the prescribed form
print-footer = { $person }, printed { $moment }

## Charts
chart-data = Show the data of the chart
chart-category = Category
chart-empty = There is no data to draw yet.
chart-second-axis = (right axis)

## Steps and documents
step-done = Done
step-current = Under way
step-waiting = Not yet
step-skipped = Left out
step-overdue = Overdue
step-due = due { $day }
document-present = There
document-missing = Not there
document-missing-required = Missing
document-draft = Draft
document-not-needed = Not needed
document-number = No. { $number }
document-date = of { $day }

## Forms
form-problems = There is a problem
form-cancel = Cancel
form-sign-in = Sign in to send this form.
form-unknown-button = The button you pressed is no longer on the page. Check and send again.
form-hidden-changed = The form is not as it was drawn. Load the page again and fill it in anew.
form-incomplete = The form came back incomplete. Load the page again and fill it in anew.
stale-title = Somebody else has just changed this record
stale-text = What you filled in is still here and not stored. Where it differs, the stored value is shown beside it. Send again to store yours, or change it first.
field-optional = optional
field-wrong = Error:
field-stored = Stored now:
attach-remove = Remove this file
attach-replace = Choose another to replace it.
attach-takes = Takes { $extensions }.
attach-largest = Each file has at most { $most }.
upload-no-file = There is no file in what was sent. Send it as a part of multipart/form-data.
upload-no-name = The file has no name. Put it into the address: ?name=…
select-none = — Choose —
select-any = All
picker-words = Type a name to search
picker-more = There are more results; type more.
hint-date = For example 01/07/2025 (day/month/year)
hint-month = For example 07/2025
hint-instant = For example 01/07/2025 08:30
hint-when = Needed in some cases only.
rows-add = Add a row
rows-row = Row { $number }
rows-remove = Remove this row
rows-gone = “{ $title }”: a row is no longer on the page. Load the page again.
rows-too-few = “{ $title }” needs at least { $minimum } rows.
rows-too-many = “{ $title }” has at most { $maximum } rows.
grid-help = Only the cells you change are stored. Enter moves down.
grid-locked = “{ $column }” in this row is closed.
grid-no-column = There is no column “{ $column }”.
input-required = Enter “{ $label }”.
input-choose = Choose “{ $label }”.
input-choice = “{ $label }”: choose one of those offered.
input-integer = “{ $label }” must be a whole number, such as 1,250.
input-decimal = “{ $label }” must be a number, such as 7.25.
input-places = “{ $label }” has at most { $places } decimal places.
input-between = “{ $label }” must be from { $minimum } to { $maximum }.
input-at-least = “{ $label }” must be { $minimum } or more.
input-at-most = “{ $label }” must be { $maximum } or less.
input-too-short = “{ $label }” needs at least { $minimum } characters.
input-too-long = “{ $label }” may have { $maximum } characters and has { $length }. Shorten it.
input-date = “{ $label }” must be a real date, such as 31/12/2025.
input-month = “{ $label }” must be a month, such as 12/2025.
input-instant = “{ $label }” must be a date and time, such as 31/12/2025 08:30.
input-nobody = “{ $label }”: nothing found for “{ $words }”. Try another name.
input-several = “{ $label }”: several found for “{ $words }”. Choose one.
input-attachment = “{ $label }”: files are attached in forms only.
input-attach = Choose a file for “{ $label }”.
input-attach-many = “{ $label }” takes at most { $maximum } files. Remove some.
input-attach-gone = “{ $label }”: the file is gone. Choose it again.
input-attach-type = “{ $label }” takes only { $extensions }; “{ $file }” is of another type.
input-attach-large = “{ $label }”: the file “{ $file }” is larger than { $most }. Shrink or split it.

## Import
import-file = Choose a file
import-kinds = Excel (.xlsx) or CSV.
import-most = At most { $shown } rows.
import-check = Check the file
import-template = Download a template
import-columns = Columns of the file
import-column = Column
import-required = Required
import-also = Also known as
import-empty = Stands for an empty cell
import-file-name = File: { $name }
import-rows = rows in the file
import-good = good rows
import-bad = bad rows
import-warnings = warnings
import-all-good = Every row is good
import-some-bad = { $count ->
    [one] { $shown } row is wrong; nothing has been stored
   *[other] { $shown } rows are wrong; nothing has been stored
}
import-some-bad-help = Mend the file and upload it again, or import the good rows only.
import-all-bad-help = Mend the file and upload it again.
import-unknown-heads = Columns that are not used: { $heads }
import-problems = To be mended
import-problems-and-warnings = To be mended, and points to note
import-only-warnings = Points to note
import-line = Line
import-value = Value
import-message = Problem
import-remedy = Remedy
import-warning = Warning:
import-whole-row = (whole row)
import-wrong-cell = Wrong cell
import-unlisted = { $shown } more problems are not listed here.
import-preview = Preview
import-shown = The first { $shown } of { $total } rows are shown; all of them were checked.
import-all = { $count ->
    [one] Import { $shown } row
   *[other] Import { $shown } rows
}
import-only-good = { $count ->
    [one] Import the { $shown } good row
   *[other] Import the { $shown } good rows
}
import-other-file = Choose another file
import-report = Every row of the file with what was found:
import-missing = Choose an Excel or CSV file to import.
import-too-large = The file is larger than { $most } MB. Split it.
import-full = The platform takes no more files now. Try again later.
import-gone = The file has expired or is gone. Upload it again.
import-not-all = Some rows are wrong, so nothing was imported. Mend the file, or choose to import the good rows only.
import-none-good = No row is good, so there is nothing to import.

## Confirming
confirm-title = Please confirm
confirm-rows =
    { $count ->
        [one] { $shown } row is selected
       *[other] { $shown } rows are selected
    }
confirm-more = … and { $shown } more.
confirm-back = Back
select-rows = Select at least one row.

## Errors
error-details = Incident
error-home = To the applications
error-back = Back to the page
error-try = Try again
problem-not-found = Page not found
problem-not-found-text = There is no such page, or it has moved. Check the address.
problem-not-found-what = Not found: { $what }.
problem-denied = You may not do this
problem-denied-text = You may not see or do this.
problem-sign-in = Sign in first
problem-sign-in-text = Please sign in and try again.
problem-password = Change your password first
problem-password-text = Change the password that was given to you before you go on.
problem-enrol = A second factor is needed
problem-enrol-text = Your role needs a second factor. Enrol a phone at /account/second-factor before you go on.
problem-second-factor = A code is needed
problem-second-factor-text = The password is right. Send a code of the phone or a recovery code (otp) along with it.
problem-refused = Not signed in
problem-locked = The name is locked
problem-throttled = Too many attempts
problem-bad-request = The request does not fit
problem-bad-request-text = The platform does not understand this request.
problem-invalid = Something is wrong with the content
problem-forged = The form is no longer valid
problem-forged-text = For safety this was not done. Load the page again and send it anew.
problem-stale = The page has changed
problem-stale-text = This page has changed since you opened it. Load it again and try anew.
problem-conflict = Several people at the same time
problem-conflict-text = Others are changing the same data. Try again.
problem-method = This method cannot be used here
problem-method-text = This page does not take such requests.
problem-too-large = Too large
problem-too-large-text = What was sent is larger than allowed ({ $most } MB).
problem-media = This kind of content is not taken
problem-media-text = Send a web form or JSON.
problem-slow = Too slow
problem-slow-text = The content did not arrive in time. Try again.
problem-busy = The platform is busy
problem-busy-text = Please try again in a few seconds.
problem-limit = The application exceeded a limit
problem-limit-text = This page used more than it may: { $what } (used { $used }, allowed { $allowed }). The application's vendor has to look into it.
problem-plugin = The application failed
problem-plugin-text = The application could not answer. The incident was recorded for its vendor; nothing was stored.
problem-internal = The platform failed
problem-internal-text = Something unexpected happened. Try again; if it happens again, tell the administrator.
problem-sealed = Sealed data is unavailable
problem-destroyed = The data was destroyed
problem-export = The table is too long to export
problem-export-text = The table has more than { $most } rows. Narrow it and export again.
problem-print-limit = The print needs more than is allowed: { $allowed } { $what }. Narrow the page and print again.
problem-print-template = A template of the application is wrong, its vendor has to mend it: { $place }
problem-print-off = This server does not print: it was started without a printer.

## Acting for others
acting-now = Acting for
acting-over = The delegation is over: no right is left to use; stop acting for them.
acting-stop = Stop
acting-title = Act for whoever lent you their rights
acting-help = While acting for somebody you use what they lent you and none of your own rights. The evidence holds both names. It holds for this session, until you stop or sign out.
acting-none = Nobody lends you rights now.
acting-who = Lent by
acting-what = What is lent
acting-until = Until
acting-begin = Act for them

## A lost password, released in person
release-title = Release a lost password
release-help = Only for somebody who stands before you. All their sessions and access tokens end and a lock-out is released; the temporary password must be changed at its first use.
release-identity = How you made sure who they are
release-identity-missing = Choose how you made sure who they are.
release-submit = Release the password
release-back = To the person's page
release-done = The password was released
release-until = It is accepted until { $until }. After that, release another one.
release-tokens = Access tokens revoked: { $tokens }. Programs that used them need new ones.
release-once = The temporary password is shown once. Hand it over now; this page cannot be opened again.

## The temporary passwords of an import
passwords-title = Temporary passwords of the import
passwords-of = Request { $request }, { $accounts } accounts
passwords-once = A list can be downloaded once and is kept nowhere else. While the request waits another may be made; the passwords of the one before are void then.
passwords-help = Hand each password over in a safe way, then delete the file. They hold once the request is approved, and must be changed at the first sign-in.
passwords-download = Make and download the list
passwords-back = Back to the request
passwords-name = Full name
passwords-unit = Unit
passwords-login = Login
passwords-email = E-mail
passwords-password = Temporary password
